import { OPENAI_WORKER, WORKER } from '../harness/agents/worker.ts';
import { describeBehaviours } from './describe-behaviours.ts';

describeBehaviours(WORKER);
describeBehaviours(OPENAI_WORKER);
