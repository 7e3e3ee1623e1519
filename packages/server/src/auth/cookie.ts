/** Every value that a Cookie header gives a name. More than one means that somebody planted a second. */
export function parseCookie(header: string | undefined, name: string): string[] {
  if (header === undefined) return [];
  return header
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
}

export interface CookieOptions {
  maxAgeSeconds: number;
  secure: boolean;
}

/** Scripts cannot read it and no other site can send it. */
export function toSetCookie(name: string, value: string, options: CookieOptions): string {
  const parts = [`${name}=${value}`, 'Path=/', `Max-Age=${options.maxAgeSeconds}`, 'HttpOnly', 'SameSite=Strict'];
  return (options.secure ? [...parts, 'Secure'] : parts).join('; ');
}
