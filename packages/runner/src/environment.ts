export interface EnvironmentOptions {
  /** Usually `process.env`. */
  from: Readonly<Record<string, string | undefined>>;
  /** Names to pass on besides the common ones. A trailing `*` stands for any ending. */
  allow?: readonly string[];
  /** Set on top, whatever the list says; what the user chose for the session. */
  set?: Readonly<Record<string, string>>;
}

const COMMON = [
  ...['HOME', 'PATH', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LANGUAGE', 'LC_*', 'TERM', 'COLORTERM', 'TMPDIR', 'TZ'],
  ...[
    'XDG_*',
    'SSH_AUTH_SOCK',
    'GIT_SSH_COMMAND',
    'DISPLAY',
    'WAYLAND_DISPLAY',
    'DBUS_SESSION_BUS_ADDRESS',
    'IS_SANDBOX',
  ],
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'no_proxy', 'all_proxy'],
  ...['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'SSL_CERT_DIR'],
  ...['SystemRoot', 'SYSTEMROOT', 'windir', 'ComSpec', 'COMSPEC', 'Path', 'PATHEXT', 'TEMP', 'TMP', 'USERNAME'],
  ...['USERPROFILE', 'HOMEDRIVE', 'HOMEPATH', 'APPDATA', 'LOCALAPPDATA', 'ProgramData', 'ProgramFiles', 'ProgramW6432'],
];

/**
 * The environment of an agent process: the listed names of `from`, then `set`.
 * Names that begin with `BATON_` are never passed on, from either, because they may hold Baton's own secrets.
 */
export function toEnvironment(options: EnvironmentOptions): Record<string, string> {
  const matches = toMatcher([...COMMON, ...(options.allow ?? [])]);
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.from)) {
    if (value !== undefined && matches(name)) env[name] = value;
  }
  Object.assign(env, options.set);
  for (const name of Object.keys(env)) if (name.startsWith('BATON_')) delete env[name];
  return env;
}

function toMatcher(patterns: readonly string[]): (name: string) => boolean {
  const exact = new Set(patterns.filter((pattern) => !pattern.endsWith('*')));
  const prefixes = patterns.filter((pattern) => pattern.endsWith('*')).map((pattern) => pattern.slice(0, -1));
  return (name) => exact.has(name) || prefixes.some((prefix) => name.startsWith(prefix));
}
