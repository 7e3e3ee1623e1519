import { GEMINI } from '../harness/agents/gemini.ts';
import { describeBehaviours } from './describe-behaviours.ts';

describeBehaviours(GEMINI);
