import { QWEN } from '../harness/agents/qwen.ts';
import { describeBehaviours } from './describe-behaviours.ts';

describeBehaviours(QWEN);
