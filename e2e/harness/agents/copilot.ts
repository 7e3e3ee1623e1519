import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseScenario } from '@baton/rehearsal';
import { type AgentUnderTest, folderWith } from './agent-under-test.ts';
import { NO_ASKING, NO_EFFORT, NO_FORK, NO_STEERING } from './reasons.ts';
import { TOLD_LATER } from './told-later.ts';

const PROGRAMS = folderWith('copilot');

// Its subagents have to have names.
const TASK = parseScenario(`
title: A subagent with a name
turns:
  - when: Count the files for the main agent
    steps:
      - call: { tool: run, input: { command: "ls | wc -l", description: Count the files } }
      - say: The subagent counted the files.
  - steps:
      - call:
          tool: task
          input:
            description: Count files
            name: counter
            agent_type: general-purpose
            mode: sync
            prompt: Count the files for the main agent.
      - say: The subagent is back.
`);

export const COPILOT: AgentUnderTest = {
  name: 'GitHub Copilot 1.0.102',
  backend: 'copilot',
  serverEnv: { PATH: `${PROGRAMS}:${process.env['PATH'] ?? ''}` },
  program: { name: 'copilot', env: (path) => ({ PATH: dirname(path) }) },
  programs: [join(PROGRAMS, 'copilot')],
  sessionEnv: ({ url, apiKey }) => ({
    COPILOT_PROVIDER_BASE_URL: `${url}/v1`,
    COPILOT_PROVIDER_API_KEY: apiKey,
    COPILOT_MODEL: 'a-model',
    COPILOT_OFFLINE: 'true',
    COPILOT_HOME: mkdtempSync(join(tmpdir(), 'baton-copilot-')),
  }),
  change: { model: 'other-model', mode: 'https://agentclientprotocol.com/protocol/session-modes#plan' },
  asksTogether: false,
  scenarios: { 'deny-note': TOLD_LATER, subagent: TASK },
  waits: ['refused'],
  lacks: {
    plan: 'It keeps its list in a database of its own, and its protocol tells an empty plan of it.',
    question: NO_ASKING,
    steer: NO_STEERING,
    fork: NO_FORK,
    'fork-earlier': NO_FORK,
    rewind: NO_FORK,
    settings: "With a provider of its user's own it has one model. It takes another mode.",
    effort: NO_EFFORT,
  },
};
