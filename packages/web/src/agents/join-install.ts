import type { AgentInstall } from '@baton/protocol';

const SHOWN_LINES = 200;

/** What is shown after news of an installation came. */
export function joinInstall(before: AgentInstall | undefined, news: AgentInstall): AgentInstall {
  return { ...news, lines: [...(before?.lines ?? []), ...news.lines].slice(-SHOWN_LINES) };
}

/** What is shown once the server has no news of it any more: one that ran ended with the server that it ran in. */
export function toLostInstall(before: AgentInstall | undefined): AgentInstall | undefined {
  if (before?.state !== 'running') return before;
  const failure =
    'The server stopped meanwhile, and the installation with it. What was there before works on: install it again.';
  return { ...before, state: 'failed', failure };
}
