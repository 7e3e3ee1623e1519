import type { OfferedTool } from '../play/conversation.ts';
import { type Item, isAnswer, isCall } from './item.ts';

const SPAWN = 'spawn_agent';
const WAIT = 'wait_agent';

export interface Waits {
  /** Those of the past; they are no part of the script. */
  made: ReadonlySet<Item>;
  /** What comes before the script goes on. */
  due: { name: string; input: Readonly<Record<string, unknown>> } | undefined;
}

interface Watch {
  begun: number;
  waited: number;
  back: number;
}

/**
 * Waits for subagents that work beside the model: scripts go on when those are back. A wait is a reply of its own. The calls of one
 * reply begin side by side in any order, and a wait that comes first keeps the subagent from being begun until it gives up.
 */
export function findWaits(items: readonly Item[], tools: readonly OfferedTool[]): Waits {
  const made = new Set<Item>();
  const spawns = new Set<string>();
  let watch: Watch = { begun: 0, waited: 0, back: 0 };
  for (const item of items) {
    const isOurs = isCall(item) && item.name === WAIT && isDue(watch);
    if (isOurs) made.add(item);
    if (isCall(item) && item.name === SPAWN) spawns.add(item.call_id ?? '');
    watch = isPrompt(item)
      ? { begun: 0, waited: 0, back: 0 }
      : {
          begun: watch.begun + Number(isBegun(item, spawns)),
          waited: watch.waited + Number(isOurs),
          back: watch.back + Number(isAnswer(item)),
        };
  }
  const canWait = tools.some(({ name }) => name === WAIT);
  return { made, due: canWait && isDue(watch) ? { name: WAIT, input: { timeout_ms: 60_000 } } : undefined };
}

// One wait may bring several back, and one that gave up is not begun anew.
const isDue = ({ begun, waited, back }: Watch): boolean => begun > Math.max(waited, back);

// The older kind of subagents is answered with an id, and is not waited for.
const isBegun = ({ type, call_id: id = '', output }: Item, spawns: ReadonlySet<string>): boolean =>
  type === 'function_call_output' && spawns.has(id) && JSON.stringify(output ?? '').includes('task_name');

const isPrompt = (item: Item): boolean =>
  item.type === 'agent_message' ? !isAnswer(item) : item.type === 'message' && item.role === 'user';
