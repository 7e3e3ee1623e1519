import type { Conversation } from './conversation.ts';
import { toStance } from './modes.ts';
import type { Notice } from './wire.ts';

export type ForeignSettings = Extract<Notice, { method: 'thread/settings/updated' }>['params']['threadSettings'];

/** Says that somebody set, with Codex's own program, how far it may go, unless it is what one of our modes says. */
export function tellForeignStance(
  conversation: Pick<Conversation, 'tell'>,
  settings: ForeignSettings,
  ours: { modes: readonly (string | undefined)[]; canSandbox: boolean },
): void {
  const text = toForeignStance(settings, ours);
  if (text !== undefined) conversation.tell('warning', text);
}

/**
 * What to say when somebody set, with Codex's own program, how far it may go; undefined when that is what one of our modes says.
 * The mode that is shown is that of every turn from here.
 */
function toForeignStance(
  { approvalPolicy, sandboxPolicy }: ForeignSettings,
  { modes, canSandbox }: { modes: readonly (string | undefined)[]; canSandbox: boolean },
): string | undefined {
  const stances = modes.flatMap((mode) => (mode === undefined ? [] : [toStance(mode, canSandbox)]));
  const isOurs = stances.some(
    (stance) => stance.approvalPolicy === approvalPolicy && stance.sandboxPolicy.type === sandboxPolicy?.type,
  );
  if (isOurs || stances.length === 0) return undefined;
  const asks = typeof approvalPolicy === 'string' ? ASKS[approvalPolicy] : undefined;
  const reach = SANDBOXES[sandboxPolicy?.type ?? ''] ?? 'in a sandbox of its own';
  const what = `it ${asks ?? 'asks by rules of its own'}, ${reach}`;
  return `Somebody changed in Codex itself how far it may go there: ${what}. A prompt from here brings its own mode.`;
}

const ASKS: Readonly<Record<string, string>> = {
  never: 'never asks',
  'on-request': 'asks where it wants to go further',
  untrusted: 'asks before each command',
};
const SANDBOXES: Readonly<Record<string, string>> = {
  dangerFullAccess: 'without a sandbox',
  workspaceWrite: 'in a sandbox that may write to the folder',
  readOnly: 'in a sandbox that may only read',
};
