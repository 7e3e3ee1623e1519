import type { StoredLine } from './stored-line.ts';
import { toToolKind } from './tool-name.ts';

/** What one subagent did, in the order of its own file. */
export interface AgentLines {
  /** The `tool_use` id of the call that began it. */
  toolUseId: string;
  lines: readonly StoredLine[];
}

/** Puts what subagents did between their call and its result, or after their call when they worked in the background. */
export function weaveAgents(lines: readonly StoredLine[], agents: readonly AgentLines[]): StoredLine[] {
  let woven = [...lines];
  let waiting = agents;
  // Subagents of subagents find their call only once the outer one is in place.
  while (waiting.length > 0) {
    const calls = new Map(woven.flatMap((line, index) => toCalls(line).map((id) => [id, index] as const)));
    const placed = waiting.filter((agent) => calls.has(agent.toolUseId));
    if (placed.length === 0) break;
    waiting = waiting.filter((agent) => !calls.has(agent.toolUseId));
    woven = weave(woven, placed, calls);
  }
  return woven;
}

function weave(
  lines: readonly StoredLine[],
  agents: readonly AgentLines[],
  calls: ReadonlyMap<string, number>,
): StoredLine[] {
  const after = new Map<number, StoredLine[]>();
  for (const { toolUseId, lines: inner } of agents) {
    const range = { first: calls.get(toolUseId) ?? 0, last: toLastPlace(lines, toolUseId) };
    let place = range.first;
    for (const line of inner) {
      // Never back: one subagent's lines keep their order.
      place = Math.max(place, toPlace(lines, line.at, range));
      const here = after.get(place);
      if (here === undefined) after.set(place, [{ ...line, agent: toolUseId }]);
      else here.push({ ...line, agent: toolUseId });
    }
  }
  return lines.flatMap((line, index) => [line, ...(after.get(index) ?? [])]);
}

/** The line after which one of that time belongs. */
function toPlace(lines: readonly StoredLine[], at: number | undefined, range: { first: number; last: number }): number {
  if (at === undefined) return range.first;
  let low = range.first;
  let high = range.last;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((lines[middle]?.at ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}

function toLastPlace(lines: readonly StoredLine[], toolUseId: string): number {
  const result = lines.findIndex((line) => line.blocks.some((block) => block.tool_use_id === toolUseId));
  return result === -1 || isLaunched(lines[result]) ? lines.length - 1 : result - 1;
}

function isLaunched(line: StoredLine | undefined): boolean {
  const detail = line?.toolUseResult;
  return typeof detail === 'object' && detail !== null && 'status' in detail && detail.status === 'async_launched';
}

function toCalls(line: StoredLine): string[] {
  if (line.type !== 'assistant') return [];
  return line.blocks.flatMap(({ type, id }) => (type === 'tool_use' && id !== undefined ? [id] : []));
}

/** Whether there is a subagent to look for. */
export function callsAgent(line: StoredLine): boolean {
  return (
    line.type === 'assistant' && line.blocks.some(({ name }) => name !== undefined && toToolKind(name) === 'subagent')
  );
}

/** `tool_use` ids by the id of the subagent, as results name it; older versions note it nowhere else. */
export function toAgentCalls(lines: readonly StoredLine[]): Map<string, string> {
  const calls = new Map<string, string>();
  for (const line of lines) {
    const detail = line.toolUseResult;
    if (typeof detail !== 'object' || detail === null || !('agentId' in detail)) continue;
    const call = line.blocks.find((block) => block.type === 'tool_result')?.tool_use_id;
    if (typeof detail.agentId === 'string' && call !== undefined) calls.set(detail.agentId, call);
  }
  return calls;
}

/** Older versions keep subagents in the main file; a subagent's first line is the prompt of its call. */
export function toInlineAgents(lines: readonly StoredLine[]): AgentLines[] {
  const side = lines.filter((line) => line.isSidechain === true);
  if (side.length === 0) return [];
  const open = lines.filter((line) => line.isSidechain !== true).flatMap(toAgentPrompts);
  const roots = new Map<string, StoredLine[]>();
  const agents: AgentLines[] = [];
  for (const line of side) {
    const known = line.parentUuid === undefined ? undefined : roots.get(line.parentUuid);
    const group = known ?? [];
    roots.set(line.uuid, group);
    group.push(line);
    if (known !== undefined) continue;
    const prompt = line.blocks.map((block) => block.text ?? '').join('\n');
    const call = open.findIndex((each) => each.prompt === prompt);
    const [found] = call === -1 ? [] : open.splice(call, 1);
    if (found !== undefined) agents.push({ toolUseId: found.id, lines: group });
  }
  return agents;
}

function toAgentPrompts(line: StoredLine): { id: string; prompt: string }[] {
  if (line.type !== 'assistant') return [];
  return line.blocks.flatMap(({ id, name, input }) => {
    if (id === undefined || name === undefined || toToolKind(name) !== 'subagent') return [];
    const prompt = typeof input === 'object' && input !== null && 'prompt' in input ? input.prompt : undefined;
    return typeof prompt === 'string' ? [{ id, prompt }] : [];
  });
}
