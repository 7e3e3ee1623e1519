const LINK_SCHEMES = new Set(['http:', 'https:', 'mailto:']);
const IMAGE_DATA = /^data:image\/(?:png|jpe?g|gif|webp|avif|svg\+xml)[;,]/i;

/** The address of a link that may be followed, or undefined. Relative ones lead nowhere from here, so they are none. */
export function toSafeLink(href: string): string | undefined {
  const url = URL.parse(href.trim());
  return url !== null && LINK_SCHEMES.has(url.protocol) ? url.href : undefined;
}

/** The source of an image that loads nothing from a network, or undefined. */
export function toSafeImage(src: string): string | undefined {
  const trimmed = src.trim();
  return IMAGE_DATA.test(trimmed) || trimmed.startsWith('blob:') ? trimmed : undefined;
}
