import { dirname, join } from 'node:path';
import { type AgentUnderTest, folderWith } from './agent-under-test.ts';
import { OPENCODE } from './opencode.ts';
import { LIMITED, NO_ASKING, NO_POINT, NO_STEERING } from './reasons.ts';
import { TOLD_LATER } from './told-later.ts';

const PROGRAMS = folderWith('opencode');

const ASKS_ON =
  'It asks a model that cannot be reached six times, with ever longer waits between: the turn fails in words after 70 seconds.';

export const OPENCODE_ACP: AgentUnderTest = {
  ...OPENCODE,
  name: 'OpenCode over ACP 1.18.33',
  backend: 'opencode-acp',
  serverEnv: { PATH: `${PROGRAMS}:${process.env['PATH'] ?? ''}` },
  program: { name: 'opencode', env: (path) => ({ PATH: dirname(path) }) },
  programs: [join(PROGRAMS, 'opencode')],
  scenarios: { 'deny-note': TOLD_LATER },
  effort: 'high',
  lacks: {
    question: NO_ASKING,
    'error-429': LIMITED,
    refused: ASKS_ON,
    malformed:
      'It asks a model that talks nonsense again at once and in silence, hundreds of times in a minute, until it is interrupted.',
    steer: NO_STEERING,
    'fork-earlier': NO_POINT,
    rewind: NO_POINT,
    subagent:
      'Its protocol tells nothing of what its subagents do; one that needs leave is asked for nowhere and waits for ever.',
  },
};
