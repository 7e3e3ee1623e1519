import { CLAUDE } from '../harness/agents/claude.ts';
import { describeBehaviours } from './describe-behaviours.ts';

describeBehaviours(CLAUDE);
