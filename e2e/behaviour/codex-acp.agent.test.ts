import { CODEX_ACP } from '../harness/agents/codex-acp.ts';
import { describeBehaviours } from './describe-behaviours.ts';

describeBehaviours(CODEX_ACP);
