import { API_PREFIX, ROUTES } from '@baton/protocol';

const PATTERNS = Object.values(ROUTES).map((route) => ({
  method: route.method,
  // A parameter is one segment of the path.
  pattern: new RegExp(`^${escape(API_PREFIX + route.path).replace(/:[A-Za-z]+/g, '[^/]+')}$`),
}));

/** The methods that a path has; empty for an unknown path. */
export function listMethods(path: string): string[] {
  return [...new Set(PATTERNS.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))];
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
