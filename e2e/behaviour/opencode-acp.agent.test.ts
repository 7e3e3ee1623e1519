import { OPENCODE_ACP } from '../harness/agents/opencode-acp.ts';
import { describeBehaviours } from './describe-behaviours.ts';

describeBehaviours(OPENCODE_ACP);
