import { assertNever, type ToolKind } from '@baton/protocol';

/** "Asks to run", by the kind of what the agent wants to do. */
export function toAskWords(kind: ToolKind): string {
  switch (kind) {
    case 'execute':
      return 'Asks to run';
    case 'edit':
      return 'Asks to edit';
    case 'delete':
      return 'Asks to delete';
    case 'move':
      return 'Asks to move';
    case 'read':
      return 'Asks to read';
    case 'search':
      return 'Asks to search';
    case 'fetch':
      return 'Asks to fetch';
    case 'think':
      return 'Asks to go on';
    case 'mcp':
    case 'subagent':
    case 'other':
      return 'Asks to use a tool';
    default:
      return assertNever(kind);
  }
}
