import { OLDER_CLAUDE } from '../harness/agents/claude.ts';
import { describeBehaviours } from './describe-behaviours.ts';

describeBehaviours(OLDER_CLAUDE);
