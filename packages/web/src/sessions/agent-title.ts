const TITLES: Record<string, string> = {
  claude: 'Claude Code',
  worker: 'Baton worker',
  codex: 'Codex',
  gemini: 'Gemini CLI',
  opencode: 'OpenCode',
};

/** Whether the page knows this agent by itself. */
export function isKnownAgent(backend: string): boolean {
  return Object.hasOwn(TITLES, backend);
}

/** The name of an agent where neither the list of backends nor that of added agents is at hand. */
export function toAgentTitle(backend: string): string {
  const title = Object.hasOwn(TITLES, backend) ? TITLES[backend] : undefined;
  return title ?? `${(backend[0] ?? '').toUpperCase()}${backend.slice(1)}`;
}
