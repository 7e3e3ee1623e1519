import type { BackendView } from '@baton/protocol';
import { expect, test } from 'vitest';
import { toAgentHome } from './agent-home.ts';
import { type AgentFacts, describeAgent } from './describe-agent.ts';
import type { KnownAgent } from './known-agent.ts';

const VIEW: BackendView = {
  ...{ id: 'lib', title: 'Lib', installed: false, authenticated: 'unknown' },
  ...{ capabilities: [], models: [], modes: [] },
};
const PROGRAM: KnownAgent = {
  ...{ id: 'lib', title: 'Lib', program: 'lib', keys: [], passes: [], proxy: 'http' },
  npm: { package: '@ann/lib', tested: '1.0.0', needsScript: false },
};
const LIBRARY: KnownAgent = {
  ...PROGRAM,
  program: '',
  npm: { package: '@ann/lib', tested: '1.0.0', needsScript: false, isLibrary: true },
};

function toFacts(known: KnownAgent, more: Partial<AgentFacts> = {}): AgentFacts {
  const home = toAgentHome('/data', 'lib');
  return { kind: 'built-in', known, home, command: '', env: {}, hasTerminal: async () => false, ...more };
}

test('a program is installed for the machine, a library where Baton looks for it', async () => {
  const program = await describeAgent(VIEW, toFacts(PROGRAM));
  expect(program.install?.command).toBe('npm install -g @ann/lib');
  const library = await describeAgent(VIEW, toFacts(LIBRARY));
  const command = `npm install --prefix "${toAgentHome('/data', 'lib').current}" @ann/lib`;
  expect(library.install?.command).toBe(command);
  expect(library.faults).toEqual([
    { kind: 'not-found', what: 'Lib is not on this machine', mend: `Install it, or run: ${command}` },
  ]);
});

test('of a library whose folder a setting names, the fault says what the setting lacks', async () => {
  const problem = 'Lib is not installed (looked in /wrong). Correct BATON_LIB, the folder of it';
  const view = await describeAgent({ ...VIEW, problem }, toFacts(LIBRARY, { home: undefined }));
  expect(view.install).toBeUndefined();
  expect(view.faults?.[0]?.mend).toBe('Correct BATON_LIB, the folder of it');
});
