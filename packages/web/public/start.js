// What has to be so before the modules run. A classic script in its own file, because the content security policy allows
// no inline ones.

// Zod tries once whether it may make code at run time, and the policy reports the try: say beforehand that it may not.
globalThis.__zod_globalConfig = { jitless: true };

// The look before the first paint. `src/theme/look.ts` writes the line that is read here: theme, accent, density, text scale.
(() => {
  const root = document.documentElement;
  let words = [];
  try {
    words = (localStorage.getItem('baton.look') || '').split(' ');
  } catch {
    // Storage is blocked: the defaults in the markup stand.
  }
  const [theme, accent, density, scale] = words;
  if (['light', 'dark', 'system'].includes(theme)) root.dataset.theme = theme;
  if (['teal', 'blue', 'moss', 'plum', 'graphite'].includes(accent)) root.dataset.accent = accent;
  if (['compact', 'comfortable'].includes(density)) root.dataset.density = density;
  if (['1.125', '1.25', '1.5'].includes(scale)) root.style.fontSize = `${Number(scale) * 100}%`;
  const forced = { light: '#f7f5f3', dark: '#110f0d' }[theme];
  if (forced) {
    for (const meta of document.querySelectorAll('meta[name="theme-color"]')) meta.setAttribute('content', forced);
  }
})();
