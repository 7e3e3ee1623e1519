const SECRETS: readonly [RegExp, string][] = [
  [/\b(baton|brw)_[A-Za-z0-9_-]{20,}/g, '$1_[redacted]'],
  [/\bsk-[A-Za-z0-9_-]{12,}/g, 'sk-[redacted]'],
  [/\b(gh[pousr]|github_pat|glpat|xox[abeprs])([_-])[A-Za-z0-9_-]{10,}/g, '$1$2[redacted]'],
  [/\bAIza[0-9A-Za-z_-]{20,}/g, 'AIza[redacted]'],
  [/\b(AKIA|ASIA)[0-9A-Z]{16}\b/g, '$1[redacted]'],
  [/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g, 'eyJ[redacted]'],
  // A variable with its value, as shells and messages of programs print it.
  [
    /\b([A-Z][A-Z0-9_]*(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?)[A-Z0-9_]*)(\\?["']?\s*[=:]\s*\\?["']?)[^\s"',}\\]+/g,
    '$1$2[redacted]',
  ],
  [/\b(Bearer|Basic) +[A-Za-z0-9+/_.~=-]{6,}/gi, '$1 [redacted]'],
  [/([?&#](?:key|token|secret|password|api_key|access_token)=)[^&"\s]+/gi, '$1[redacted]'],
];

/** Fields whose values are never written, wherever a log line holds them. */
export const SECRET_PATHS = [
  'authorization',
  'cookie',
  'key',
  'ownerKey',
  'token',
  'env',
  'prompt',
  'input',
  'headers.authorization',
  'headers.cookie',
  'headers["x-api-key"]',
  'headers["set-cookie"]',
  '*.authorization',
  '*.cookie',
  '*.key',
  '*.token',
  '*.env',
  '*["x-api-key"]',
];

/** The line without anything that looks like a key, and without the secrets that are known by value. */
export function redactLine(line: string, known: readonly string[]): string {
  let text = line;
  for (const secret of known) text = text.replaceAll(secret, '[redacted]');
  for (const [pattern, replacement] of SECRETS) text = text.replace(pattern, replacement);
  return text;
}
