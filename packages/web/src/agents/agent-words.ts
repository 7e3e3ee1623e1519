import type { BackendView, Capability } from '@baton/protocol';
import type { Tone } from '../ui/badge.tsx';

export interface Standing {
  words: string;
  tone: Tone;
  /** Whether a session can start with it as it is. */
  ready: boolean;
}

/** Whether a session can start with this agent now, in one or two words. */
export function toStanding({ installed, authenticated, faults = [], problem, rehearsal }: BackendView): Standing {
  if (rehearsal === true) return { words: 'Rehearsal', tone: 'accent', ready: true };
  if (!installed) {
    const isThere = faults.some(({ kind }) => kind === 'not-executable' || kind === 'does-not-run');
    return { words: isThere ? 'Does not run' : 'Not installed', tone: isThere ? 'failed' : 'neutral', ready: false };
  }
  if (authenticated === 'no') return { words: 'Not signed in', tone: 'waiting', ready: false };
  if (problem !== undefined || faults.length > 0) return { words: 'Needs mending', tone: 'waiting', ready: false };
  return { words: 'Ready', tone: 'neutral', ready: true };
}

const CAPABILITY_WORDS: Record<Capability, string> = {
  approvals: 'asks before it acts',
  questions: 'asks questions',
  images: 'sees images',
  interrupt: 'can be interrupted',
  resume: 'resumes',
  fork: 'forks',
  rewind: 'goes back',
  steer: 'takes messages while it works',
  'live-model': 'changes its model while it runs',
  'live-mode': 'changes its mode while it runs',
  'live-effort': 'changes its effort while it runs',
  commands: 'slash commands',
  subagents: 'subagents',
  reasoning: 'shows its reasoning',
};

export function toCapabilityWords(capabilities: readonly Capability[]): string {
  return capabilities.map((capability) => CAPABILITY_WORDS[capability]).join(', ');
}

export interface AgentGroups {
  /** Built in, configured, and presets whose program is there. */
  own: BackendView[];
  /** Presets that would have to be installed first. */
  more: BackendView[];
}

/** What can start first, then what needs something, each as the server lists them. */
export function groupAgents(backends: readonly BackendView[]): AgentGroups {
  const isMore = ({ kind, installed }: BackendView) => kind === 'preset' && !installed;
  const own = backends.filter((backend) => !isMore(backend));
  const rank = (backend: BackendView) => (toStanding(backend).ready ? 0 : backend.installed ? 1 : 2);
  return { own: own.toSorted((one, other) => rank(one) - rank(other)), more: backends.filter(isMore) };
}

/** What the button that runs npm says; undefined when there is nothing for it to do. */
export function toInstallWords({ install, installed, title }: BackendView): string | undefined {
  if (install === undefined) return undefined;
  if (!installed) return `Install ${title}`;
  return install.newer ? `Update to ${install.tested}` : undefined;
}

/** Whether the sign-in of the agent itself is worth a button. */
export function canSignIn({ signIn, installed, authenticated }: BackendView): boolean {
  return signIn?.how === 'terminal' && installed && authenticated !== 'yes';
}
