// What makes one line more than one command, or puts something unseen into it.
const COMPOUND = /[;&|<>`$(){}\n\r\\*?[\]~#!]/;

// Programs that run what they are given, or whose next word says little about what they do.
const OPEN_ENDED = new Set([
  ...[
    'sudo',
    'doas',
    'su',
    'sh',
    'bash',
    'zsh',
    'fish',
    'dash',
    'env',
    'xargs',
    'eval',
    'exec',
    'nohup',
    'time',
    'timeout',
  ],
  ...[
    'node',
    'deno',
    'bun',
    'python',
    'python3',
    'perl',
    'ruby',
    'php',
    'npx',
    'ssh',
    'docker',
    'kubectl',
    'find',
    'awk',
    'sed',
  ],
  ...['rm', 'mv', 'cp', 'dd', 'chmod', 'chown', 'kill', 'curl', 'wget'],
]);

/**
 * The beginning of a command that can be allowed as a whole ("npm test"), or undefined when only the exact command can:
 * lines of more than one command, and programs that can do anything.
 */
export function toCommandPrefix(command: string): string | undefined {
  const trimmed = command.trim();
  if (COMPOUND.test(trimmed)) return undefined;
  const [program, second] = trimmed.split(/\s+/);
  if (program === undefined || program === '' || program.includes('=') || program.includes('/')) return undefined;
  if (OPEN_ENDED.has(program)) return undefined;
  // An option before the subcommand can change what the program is ("git -c …").
  if (second === undefined) return program;
  return /^[a-z][\w:-]*$/i.test(second) ? `${program} ${second}` : undefined;
}

/** Whether a command is covered by an allowed beginning: nothing may be chained to it. */
export function startsWithPrefix(command: string, prefix: string): boolean {
  const trimmed = command.trim();
  if (COMPOUND.test(trimmed)) return false;
  const words = trimmed.split(/\s+/).join(' ');
  return words === prefix || words.startsWith(`${prefix} `);
}
