import { OPENCODE } from '../harness/agents/opencode.ts';
import { describeBehaviours } from './describe-behaviours.ts';

describeBehaviours(OPENCODE);
