import type { BackendView, Capability } from '@baton/protocol';
import type { Tone } from '../ui/badge.tsx';

export interface Standing {
  words: string;
  tone: Tone;
  /** Whether a session can start with it as it is. */
  ready: boolean;
}

/** Whether a session can start with this agent now, in one or two words. */
export function toStanding({
  installed,
  authenticated,
  faults = [],
  problem,
  rehearsal,
  breaker,
}: BackendView): Standing {
  if (breaker !== undefined) return { words: 'Failing', tone: 'waiting', ready: false };
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
  approvals: 'Approvals',
  questions: 'Questions',
  images: 'Images',
  interrupt: 'Interrupting',
  resume: 'Resuming',
  fork: 'Forking',
  rewind: 'Going back',
  steer: 'Steering',
  'live-model': 'Changing the model',
  'live-mode': 'Changing the mode',
  'live-effort': 'Changing the effort',
  commands: 'Slash commands',
  subagents: 'Subagents',
  reasoning: 'Reasoning',
  list: 'Listing sessions',
};

/** What it can do, as one line that may be broken; no line begins with a dot. */
export function toCapabilityWords(capabilities: readonly Capability[]): string {
  return capabilities.map((capability) => CAPABILITY_WORDS[capability]).join('\u00a0· ');
}

const SIGN_IN_WORDS: Record<BackendView['authenticated'], string> = {
  yes: 'Signed in',
  no: 'Not signed in',
  unknown: 'Sign-in not known until it runs',
};

export function toSignInWords({ authenticated }: BackendView): string {
  return SIGN_IN_WORDS[authenticated];
}

export interface AgentGroups {
  /** Built in, configured, and presets whose program is there. */
  own: BackendView[];
  /** Presets that would have to be installed first. */
  more: BackendView[];
}

/** What can start first, a rehearsal after real ones, then what needs something; each as the server lists them. */
export function groupAgents(backends: readonly BackendView[]): AgentGroups {
  const isMore = ({ kind, installed }: BackendView) => kind === 'preset' && !installed;
  const own = backends.filter((backend) => !isMore(backend));
  return { own: own.toSorted((one, other) => toRank(one) - toRank(other)), more: backends.filter(isMore) };
}

function toRank(backend: BackendView): number {
  if (!backend.installed) return 3;
  // Its place does not depend on what comes and goes while the page is open.
  const { breaker: _, ...lasting } = backend;
  if (!toStanding(lasting).ready) return 2;
  return backend.rehearsal === true ? 1 : 0;
}

/** What the button that runs npm says; undefined when there is nothing for it to do. */
export function toInstallWords({ install, installed, title }: BackendView): string | undefined {
  if (install === undefined) return undefined;
  if (!installed) return `Install ${title}`;
  const newer = install.newer ? install.tested : install.latest;
  return newer === undefined ? undefined : `Update to ${newer}`;
}

/** What that button installs: the version that Baton is tested with, unless only npm has a newer one. */
export function toInstallVersion({ install, installed }: BackendView): 'tested' | 'latest' {
  return installed && install?.newer === false && install.latest !== undefined ? 'latest' : 'tested';
}

/** Whether the sign-in of the agent itself is worth a button. */
export function canSignIn({ signIn, installed, authenticated }: BackendView): boolean {
  return signIn?.how === 'terminal' && installed && authenticated !== 'yes';
}
