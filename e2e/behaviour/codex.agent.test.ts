import { CODEX } from '../harness/agents/codex.ts';
import { describeBehaviours } from './describe-behaviours.ts';

describeBehaviours(CODEX);
