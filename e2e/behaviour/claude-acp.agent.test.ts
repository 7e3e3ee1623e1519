import { CLAUDE_ACP } from '../harness/agents/claude-acp.ts';
import { describeBehaviours } from './describe-behaviours.ts';

describeBehaviours(CLAUDE_ACP);
