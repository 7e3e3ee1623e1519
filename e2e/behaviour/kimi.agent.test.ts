import { KIMI } from '../harness/agents/kimi.ts';
import { describeBehaviours } from './describe-behaviours.ts';

describeBehaviours(KIMI);
