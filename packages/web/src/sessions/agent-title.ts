const TITLES: Record<string, string> = {
  claude: 'Claude Code',
  worker: 'Baton worker',
  codex: 'Codex',
  gemini: 'Gemini',
  opencode: 'OpenCode',
};

/** The name of an agent where the list of backends is not at hand. */
export function toAgentTitle(backend: string): string {
  return TITLES[backend] ?? `${(backend[0] ?? '').toUpperCase()}${backend.slice(1)}`;
}
