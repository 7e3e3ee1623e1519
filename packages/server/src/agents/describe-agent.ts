import { agentIconSchema, type BackendView } from '@baton/protocol';
import type { AgentHome } from './agent-home.ts';
import { compareVersions } from './compare-versions.ts';
import { findFaults } from './find-faults.ts';
import { findLame, inspectProgram } from './inspect-program.ts';
import type { KnownAgent } from './known-agent.ts';

export interface AgentFacts {
  kind: NonNullable<BackendView['kind']>;
  known: KnownAgent | undefined;
  /** Where Baton may install it; absent when it may not. */
  home: AgentHome | undefined;
  icon?: string | undefined;
  /** What is looked for, as a name or a path. */
  command: string;
  env: Readonly<Record<string, string | undefined>>;
  hasTerminal(): Promise<boolean>;
}

/** A backend's own view, with what Baton knows beside it: how to install it, how to sign in, what is wrong and the mend. */
export async function describeAgent(view: BackendView, facts: AgentFacts): Promise<BackendView> {
  const { kind, known, home, env } = facts;
  const install = toInstall(facts, view);
  const [seen, lame, inPage] = await Promise.all([
    inspectProgram(view.path, env),
    view.installed ? undefined : findLame(facts.command, env),
    known?.login === undefined ? false : facts.hasTerminal(),
  ]);
  const installCommand = toInstallCommand(facts);
  const faults = findFaults({ view, known, installCommand, lame, env, ...seen });
  const icon = agentIconSchema.safeParse(facts.icon);
  return {
    ...view,
    kind,
    faults,
    ...(icon.success ? { icon: icon.data } : {}),
    ...(home === undefined || install === undefined ? {} : { install }),
    ...toSignIn(known, inPage),
  };
}

// A library of the machine's own is not looked for: nobody would expect Baton to load one.
function toInstallCommand({ known, home }: AgentFacts): string | undefined {
  if (known?.npm === undefined) return undefined;
  const { package: name, isLibrary } = known.npm;
  if (isLibrary !== true) return `npm install -g ${name}`;
  return home === undefined ? undefined : `npm install --prefix "${home.current}" ${name}`;
}

function toInstall(facts: AgentFacts, { path, version }: BackendView): BackendView['install'] {
  const { known, home } = facts;
  const command = toInstallCommand(facts);
  if (known?.npm === undefined || command === undefined) return undefined;
  const { package: name, tested } = known.npm;
  const ours = home !== undefined && path !== undefined && path.startsWith(home.folder);
  const newer = tested !== undefined && version !== undefined && compareVersions(tested, version) > 0;
  return { package: name, command, ours, newer, ...(tested === undefined ? {} : { tested }) };
}

function toSignIn(known: KnownAgent | undefined, inPage: boolean): Pick<BackendView, 'signIn'> {
  if (known === undefined) return {};
  const variables = [...known.keys];
  if (known.login === undefined) return { signIn: { how: 'variable', variables } };
  return { signIn: { how: 'terminal', command: [known.program, ...known.login].join(' '), inPage, variables } };
}
