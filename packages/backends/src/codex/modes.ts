import { type AgentMode, AppError } from '@baton/protocol';

/** What Codex calls an approval policy, a sandbox and a way of working together, under one name. */
export const MODES: readonly AgentMode[] = [
  { id: 'ask', title: 'Ask', description: 'Asks before every command and every edit; both stay inside the folder' },
  { id: 'auto', title: 'Auto', description: 'Works inside the folder by itself; asks to reach beyond it' },
  { id: 'read-only', title: 'Read only', description: 'Looks around by itself; asks before every edit' },
  { id: 'plan', title: 'Plan', description: 'Reads, asks and plans, changes nothing' },
  { id: 'full-access', title: 'Full access', description: 'Does everything without asking, and without a sandbox' },
];

export const DEFAULT_MODE = 'ask';

export type SandboxPolicy =
  | { type: 'readOnly'; networkAccess: boolean }
  | {
      type: 'workspaceWrite';
      writableRoots: string[];
      networkAccess: boolean;
      excludeTmpdirEnvVar: boolean;
      excludeSlashTmp: boolean;
    }
  | { type: 'dangerFullAccess' };

/** A mode in Codex's words. */
export interface Stance {
  approvalPolicy: 'untrusted' | 'on-request' | 'never';
  sandboxPolicy: SandboxPolicy;
  isPlan: boolean;
}

const READ_ONLY: SandboxPolicy = { type: 'readOnly', networkAccess: false };
const WORKSPACE: SandboxPolicy = {
  ...{ type: 'workspaceWrite', writableRoots: [], networkAccess: false },
  ...{ excludeTmpdirEnvVar: false, excludeSlashTmp: false },
};
const OPEN: SandboxPolicy = { type: 'dangerFullAccess' };

/**
 * What a mode means. Where the machine has no sandbox (`canSandbox` is false), every mode that relies on one asks before
 * each command instead: nothing else would keep the agent in.
 */
export function toStance(mode: string, canSandbox: boolean): Stance {
  const isPlan = mode === 'plan';
  if (mode === 'full-access') return { approvalPolicy: 'never', sandboxPolicy: OPEN, isPlan };
  if (!canSandbox) return { approvalPolicy: 'untrusted', sandboxPolicy: OPEN, isPlan };
  if (mode === 'ask') return { approvalPolicy: 'untrusted', sandboxPolicy: WORKSPACE, isPlan };
  if (mode === 'auto') return { approvalPolicy: 'on-request', sandboxPolicy: WORKSPACE, isPlan };
  return { approvalPolicy: 'on-request', sandboxPolicy: READ_ONLY, isPlan };
}

/** The mode that fits what Codex says it does; undefined for a combination of the user's own. */
export function toMode(policy: unknown, sandboxType: string | undefined): string | undefined {
  const found = MODES.find(({ id }) => {
    const stance = toStance(id, true);
    return stance.approvalPolicy === policy && stance.sandboxPolicy.type === sandboxType;
  });
  return found?.id;
}

/** Throws `invalid-input` for a mode that does not exist. */
export function checkMode(mode: string): void {
  if (MODES.some((known) => known.id === mode)) return;
  const names = MODES.map((known) => known.id).join(', ');
  throw new AppError('invalid-input', `Cannot use mode "${mode}" with Codex: it knows ${names}`);
}
