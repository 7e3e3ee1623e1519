import { COPILOT } from '../harness/agents/copilot.ts';
import { describeBehaviours } from './describe-behaviours.ts';

describeBehaviours(COPILOT);
