import type { ApprovalView, ToolKind } from '@baton/protocol';

const WANTS: Record<ToolKind, string> = {
  read: 'wants to read',
  edit: 'wants to change a file',
  delete: 'wants to delete',
  move: 'wants to move',
  search: 'wants to search',
  execute: 'wants to run a command',
  think: 'asks about its plan',
  fetch: 'wants to fetch from the network',
  mcp: 'wants to call a tool',
  subagent: 'wants to start a subagent',
  other: 'wants to use a tool',
};

/** "Claude Code wants to run a command". */
export function toAskWords(agent: string, { action }: Pick<ApprovalView, 'action'>): string {
  const tool = action.kind === 'mcp' || action.kind === 'other' ? `: ${action.tool}` : '';
  return `${agent} ${WANTS[action.kind]}${tool}`;
}
