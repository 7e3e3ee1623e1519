import type { AgentMode, AgentModel } from '@baton/protocol';
import { AppError } from '@baton/protocol';

/** Permission modes. The older CLI takes any word for one, so they are checked here. */
export const MODES: readonly AgentMode[] = [
  { id: 'default', title: 'Ask', description: 'Asks before it edits files or runs commands' },
  { id: 'acceptEdits', title: 'Accept edits', description: 'Edits files without asking; asks before other actions' },
  { id: 'plan', title: 'Plan', description: 'Reads and plans, changes nothing' },
  { id: 'auto', title: 'Auto', description: 'Lets the agent judge which actions are safe' },
  { id: 'dontAsk', title: "Don't ask", description: 'Does what its rules allow and refuses the rest, without asking' },
  { id: 'bypassPermissions', title: 'Bypass', description: 'Does everything without asking. Only for a sandbox' },
];

/** Shown until a running agent says which models it has. */
export const MODELS: readonly AgentModel[] = [
  { id: 'default', title: 'Default', description: 'What Claude Code recommends for this account' },
  { id: 'opus', title: 'Opus', description: 'For everyday and complex work' },
  { id: 'sonnet', title: 'Sonnet', description: 'For routine work' },
  { id: 'haiku', title: 'Haiku', description: 'For quick answers' },
];

export const BYPASS = 'bypassPermissions';

/** Whether this user may bypass permissions: the CLI refuses that to root outside a sandbox. */
export function canBypass(env: Readonly<Record<string, string>>, uid: number | undefined): boolean {
  return uid !== 0 || env['IS_SANDBOX'] === '1';
}

/** Throws `invalid-input` for a mode that does not exist or that this user may not have. */
export function checkMode(mode: string, env: Readonly<Record<string, string>>): void {
  if (!MODES.some((known) => known.id === mode)) {
    const names = MODES.map((known) => known.id).join(', ');
    throw new AppError('invalid-input', `Cannot use mode "${mode}" with Claude Code: it knows ${names}`);
  }
  if (mode === BYPASS && !canBypass(env, process.getuid?.())) {
    const how = 'Run Baton as another user, or set IS_SANDBOX=1 if this machine is a throw-away sandbox';
    throw new AppError('invalid-input', `Cannot bypass permissions: Claude Code refuses that to the root user. ${how}`);
  }
}
