import { AGENT_SDK } from '../harness/agents/agent-sdk.ts';
import { describeBehaviours } from './describe-behaviours.ts';

describeBehaviours(AGENT_SDK);
