import type { ApprovalOption, EventOf, RecordedEvent } from '@baton/protocol';
import { toCommandPrefix, startsWithPrefix } from './command-prefix.ts';

export const MODES = [
  { id: 'default', title: 'Ask first', description: 'Asks before anything that changes files or runs commands' },
  {
    id: 'accept-edits',
    title: 'Accept edits',
    description: 'Changes files in the folder without asking; asks before commands',
  },
  { id: 'plan', title: 'Plan', description: 'Only reads, and presents a plan' },
  {
    id: 'bypass',
    title: 'Allow everything',
    description: 'Asks nothing. For folders and machines that can be thrown away',
  },
] as const;
export type Mode = (typeof MODES)[number]['id'];

export const toMode = (text: string | undefined): Mode => MODES.find((mode) => mode.id === text)?.id ?? 'default';

/** What a call would do, as far as permission goes. */
export type Need =
  | { type: 'nothing' }
  | { type: 'read'; outside: string }
  | { type: 'edit'; path: string; isOutside: boolean }
  | { type: 'run'; command: string }
  | { type: 'plan' };

/** What the user allowed for the rest of the session. */
export interface Grants {
  edits: boolean;
  /** Commands that begin with one of these. */
  prefixes: readonly string[];
  /** Exact commands. */
  commands: readonly string[];
  /** Folders outside the session's that may be read. */
  folders: readonly string[];
}

export const noGrants: Grants = { edits: false, prefixes: [], commands: [], folders: [] };

export type Verdict =
  | { type: 'allow' }
  | { type: 'ask'; options: ApprovalOption[] }
  | { type: 'refuse'; reason: string };

const ALLOW_ONCE: ApprovalOption = { id: 'allow-once', title: 'Allow once', kind: 'allow-once' };
const DENY: ApprovalOption = { id: 'deny', title: 'Deny', kind: 'deny-once', takesNote: true };

const PLAN_OPTIONS: ApprovalOption[] = [
  { id: 'start-accept-edits', title: 'Begin, accept edits', kind: 'allow-once' },
  { id: 'start-asking', title: 'Begin, ask before each change', kind: 'allow-once' },
  { id: 'deny', title: 'Keep planning', kind: 'deny-once', takesNote: true },
];

/** The mode that an accepted plan begins in; undefined for any other answer. */
export function toModeAfterPlan(option: string): Mode | undefined {
  if (option === 'start-accept-edits') return 'accept-edits';
  return option === 'start-asking' ? 'default' : undefined;
}

const ask = (always?: ApprovalOption): Verdict => ({
  type: 'ask',
  options: [ALLOW_ONCE, ...(always === undefined ? [] : [always]), DENY],
});

/** Whether a call may go ahead. Pure. */
export function decideApproval(need: Need, mode: Mode, grants: Grants): Verdict {
  if (need.type === 'plan') return { type: 'ask', options: PLAN_OPTIONS };
  if (need.type === 'nothing' || mode === 'bypass') return { type: 'allow' };
  if (mode === 'plan' && need.type !== 'read') return { type: 'refuse', reason: PLAN_REFUSAL };
  switch (need.type) {
    case 'read':
      if (grants.folders.some((folder) => isWithin(need.outside, folder))) return { type: 'allow' };
      return ask({
        id: 'allow-folder',
        title: `Always allow reading in ${toFolder(need.outside)}`,
        kind: 'allow-always',
      });
    case 'edit':
      if (need.isOutside) return ask();
      if (mode === 'accept-edits' || grants.edits) return { type: 'allow' };
      return ask({ id: 'allow-edits', title: 'Allow all edits in this session', kind: 'allow-always' });
    case 'run':
      return isGranted(need.command, grants) ? { type: 'allow' } : ask(toCommandOption(need.command));
  }
}

const PLAN_REFUSAL =
  'This session is in plan mode: files are not changed and commands are not run. Read what you need and present the plan with present_plan.';

function isGranted(command: string, grants: Grants): boolean {
  return grants.commands.includes(command) || grants.prefixes.some((prefix) => startsWithPrefix(command, prefix));
}

function toCommandOption(command: string): ApprovalOption {
  const prefix = toCommandPrefix(command);
  return prefix === undefined
    ? { id: 'allow-command', title: 'Always allow exactly this command', kind: 'allow-always' }
    : { id: 'allow-prefix', title: `Always allow "${prefix}" in this session`, kind: 'allow-always' };
}

const toFolder = (path: string): string => path.slice(0, Math.max(1, path.lastIndexOf('/')));

const isWithin = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);

/** The grants after an answer. */
export function applyGrant(grants: Grants, option: string, need: Need): Grants {
  if (option === 'allow-edits') return { ...grants, edits: true };
  if (option === 'allow-folder' && need.type === 'read')
    return { ...grants, folders: [...grants.folders, toFolder(need.outside)] };
  if (need.type !== 'run') return grants;
  if (option === 'allow-command') return { ...grants, commands: [...grants.commands, need.command] };
  const prefix = toCommandPrefix(need.command);
  return option === 'allow-prefix' && prefix !== undefined
    ? { ...grants, prefixes: [...grants.prefixes, prefix] }
    : grants;
}

/** What was allowed "in this session" before the server or the agent was restarted. Folders are asked for again. */
export function foldGrants(events: Iterable<RecordedEvent>): Grants {
  const requested = new Map<string, EventOf<'approval.requested'>>();
  let grants = noGrants;
  for (const { event } of events) {
    if (event.type === 'approval.requested') requested.set(event.approvalId, event);
    if (event.type !== 'approval.answered') continue;
    const request = requested.get(event.approvalId);
    if (request !== undefined) grants = applyGrant(grants, event.option, toNeed(request));
  }
  return grants;
}

function toNeed({ action }: EventOf<'approval.requested'>): Need {
  const { input } = action;
  const isCommand =
    typeof input === 'object' && input !== null && 'command' in input && typeof input.command === 'string';
  return isCommand ? { type: 'run', command: String(input.command) } : { type: 'nothing' };
}
