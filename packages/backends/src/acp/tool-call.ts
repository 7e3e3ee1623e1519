import type { ItemId, ToolCallItem, ToolStatus } from '@baton/protocol';
import { cutStrings } from '../agent/cut.ts';
import { find, update, without } from '../agent/step.ts';
import { toNamedChange } from './named-change.ts';
import { toCalledPlan } from './plan.ts';
import type { OpenTool, Step, TerminalNews } from './state.ts';
import { claimSubagent, isCopilotTask } from './copilot-subagent.ts';
import { endText } from './text.ts';
import { type Said, takeToldInput } from './told-input.ts';
import { toFields, toTitle, toToldName, toToolKind, toToolName } from './tool-name.ts';
import { toContentText, toPreview, toToolOutput } from './tool-output.ts';
import { ensureTurn } from './turn.ts';
import type { ToolContent, ToolFields } from './wire.ts';

const MAX_LIVE = 512 * 1024;
const KEPT_OVER = 500;
const KEPT_EARLY = 16;

/**
 * A call, an update of one, or the call inside a request for permission: all the same, because any of them may be the
 * first that mentions it. Fields replace what was known, and absent ones leave it.
 */
export function applyTool(step: Step, call: ToolFields, sessionId: string): void {
  const id = call.toolCallId;
  if (step.state.over.includes(id)) return;
  const before = step.state.tools[id] ?? startTool(step, call, sessionId);
  const after = merge(before, call, step.state.cwd);
  update(step, { tools: { ...step.state.tools, [id]: after } });
  if (isTelling(after)) showTool(step, id);
  claimEarly(step, id);
  streamOutput(step, id, call);
  if (!hasEnded(after.status)) return;
  tellPlan(step, after);
  endTool(step, id, toEnd(step, after));
}

function tellPlan(step: Step, { status, item }: OpenTool): void {
  const entries = status === 'completed' ? toCalledPlan(item.tool, item.input) : undefined;
  if (entries !== undefined) step.reports.push({ type: 'plan.updated', turnId: ensureTurn(step), entries });
}

// A command that was cut short counts as completed with some agents.
function toEnd({ state }: Step, { status, item }: OpenTool): ToolStatus {
  const isCut = state.turn?.isInterrupting === true && (status === 'failed' || item.kind === 'execute');
  if (isCut) return 'interrupted';
  return status === 'completed' ? 'completed' : 'failed';
}

function startTool(step: Step, call: ToolFields, sessionId: string): OpenTool {
  const tool = toToolName(call);
  const itemId = step.context.createId('item');
  const kind = isCopilotTask(step, call) ? 'subagent' : toToolKind(tool, call.kind);
  const parentItemId = toParent(step, call, sessionId);
  if (kind === 'subagent') update(step, { agents: { ...step.state.agents, [call.toolCallId]: itemId } });
  const item: ToolCallItem = {
    type: 'tool-call',
    tool,
    title: call.title ?? tool,
    kind,
    input: {},
    status: 'running',
    startedAt: step.context.now,
  };
  return {
    itemId,
    item,
    parentItemId,
    isShown: false,
    status: call.status ?? 'pending',
    content: [],
    isWriting: false,
    rawOutput: undefined,
    live: '',
    exitCode: undefined,
  };
}

function toParent(step: Step, call: ToolFields, sessionId: string): ItemId | undefined {
  const meta = call._meta;
  const agentId = meta?.['github.com/copilot']?.agentId;
  if (agentId != null) claimSubagent(step, agentId);
  const { agents } = step.state;
  if (agentId != null) return agents[agentId];
  return agents[meta?.claudeCode?.parentToolUseId ?? meta?.parentToolCallId ?? ''] ?? find(agents, sessionId);
}

function merge(before: OpenTool, call: ToolFields, cwd: string): OpenTool {
  const status = call.status ?? before.status;
  const tool = toToldName(call) ?? before.item.tool;
  const isSame = call.kind == null || before.item.kind === 'subagent';
  const kind = isSame ? before.item.kind : toToolKind(tool, call.kind);
  const { content, input, isWriting } = toSaid(before, call, { kind, status });
  const locations = toLocations(call) ?? before.item.locations ?? [];
  const title = call.title ?? before.item.title;
  const item = { ...before.item, tool, kind, input, title: toTitle({ kind, title, input, locations }, cwd) };
  return {
    ...before,
    status,
    content: withChange(content, kind, input),
    isWriting,
    rawOutput: call.rawOutput ?? before.rawOutput,
    exitCode: toToldExit(call, before.exitCode),
    item: locations.length === 0 ? item : { ...item, locations },
  };
}

function toSaid(before: OpenTool, call: ToolFields, now: { kind: string; status: string }): Said {
  const told = toContent(before, call, now);
  // What is said at the end is what came of it.
  if (hasEnded(now.status))
    return { content: told, isWriting: false, input: toInput(before, call, { ...now, content: told }) };
  const { content, isWriting, input } = takeToldInput(told, cutStrings(call.rawInput ?? before.item.input));
  const rawInput = call.rawInput ?? input;
  return { content, isWriting, input: toInput(before, { ...call, rawInput }, { ...now, content }) };
}

const hasEnded = (status: string): boolean => status === 'completed' || status === 'failed';

// Some agents show a change nowhere, and say it only in the input.
function withChange(content: readonly ToolContent[], kind: string, input: unknown): readonly ToolContent[] {
  if (kind !== 'edit' || content.some(({ type }) => type === 'diff')) return content;
  const change = toNamedChange(input);
  return change === undefined ? content : [change, ...content];
}

const toLocations = ({ locations }: ToolFields) =>
  locations?.map(({ path, line }) => ({ path, ...(line == null ? {} : { line }) }));

function toToldExit({ _meta: meta }: ToolFields, before: OpenTool['exitCode']): OpenTool['exitCode'] {
  return meta?.terminal_exit == null ? before : (meta.terminal_exit.exit_code ?? null);
}

// Before a command runs its content is a description of it, and no output.
function toContent(
  before: OpenTool,
  { content }: ToolFields,
  { kind, status }: { kind: string; status: string },
): readonly ToolContent[] {
  if (content == null) return before.content;
  // Some agents show a change only while they ask for it.
  const shown = before.content.filter(({ type }) => type === 'diff');
  if (kind === 'edit' && shown.length > 0 && !content.some(({ type }) => type === 'diff'))
    return [...shown, ...content];
  return kind === 'execute' && status === 'pending' ? content.filter(({ type }) => type !== 'content') : content;
}

// The bare name of a tool, before its agent knows more.
const NAME = /^[A-Z][A-Za-z]*$/;

// Gemini CLI tells no input: a command is its title, an edit its diff.
function toInput(
  before: OpenTool,
  { rawInput, title }: ToolFields,
  { kind, content }: { kind: string; content: readonly ToolContent[] },
): unknown {
  if (rawInput != null) return cutStrings(rawInput);
  if (Object.keys(toFields(before.item.input)).length > 0) return before.item.input;
  if (kind === 'execute' && title != null && !NAME.test(title)) return { command: title };
  const diff = content.find(({ type, path }) => type === 'diff' && path != null);
  if (diff === undefined) return before.item.input;
  return cutStrings({ file_path: diff.path, old_string: diff.oldText ?? '', new_string: diff.newText ?? '' });
}

// A name alone tells nothing; agents say more in the next message.
function isTelling({ status, item, content, isWriting }: OpenTool): boolean {
  if (isWriting) return false;
  if (status !== 'pending' || content.some(({ type }) => type !== 'terminal')) return true;
  return Object.keys(toFields(item.input)).some((key) => key !== 'cwd' && key !== 'description');
}

/** Shows a call that was held back, because somebody has to answer for it or it is over. */
export function showTool(step: Step, id: string): void {
  const open = step.state.tools[id];
  if (open === undefined || open.isShown) return;
  endText(step, step.state.nativeId);
  update(step, { tools: { ...step.state.tools, [id]: { ...open, isShown: true } } });
  const turnId = ensureTurn(step);
  const parent = open.parentItemId === undefined ? {} : { parentItemId: open.parentItemId };
  const output = toPreview(open.content);
  const item = output.length === 0 ? open.item : { ...open.item, output };
  step.reports.push({ type: 'item.started', turnId, itemId: open.itemId, ...parent, item });
}

export function endTool(step: Step, id: string, status: ToolStatus): void {
  showTool(step, id);
  const open = step.state.tools[id];
  if (open === undefined) return;
  update(step, { tools: without(step.state.tools, id), over: [...step.state.over, id].slice(-KEPT_OVER) });
  // Nothing was done of what was denied.
  const outputs = status === 'denied' ? [] : toToolOutput(open);
  const output = outputs.length === 0 ? {} : { output: outputs };
  const item = { ...open.item, status, ...output, endedAt: step.context.now };
  step.reports.push({ type: 'item.ended', itemId: open.itemId, item });
}

function streamOutput(step: Step, id: string, { _meta: meta, content }: ToolFields): void {
  const open = step.state.tools[id];
  if (open === undefined || open.item.kind !== 'execute') return;
  const piece = meta?.terminal_output_delta?.data ?? meta?.terminal_output?.data;
  if (piece !== undefined) return extendTool(step, id, piece);
  if (content == null || open.status !== 'in_progress') return;
  const text = toContentText(open.content);
  if (text.startsWith(open.live)) extendTool(step, id, text.slice(open.live.length));
}

/** A running command printed something. */
export function extendTool(step: Step, id: string, text: string): void {
  const open = step.state.tools[id];
  if (open === undefined || text === '' || open.live.length > MAX_LIVE) return;
  showTool(step, id);
  update(step, { tools: { ...step.state.tools, [id]: { ...open, isShown: true, live: open.live + text } } });
  step.reports.push({ type: 'item.delta', itemId: open.itemId, field: 'output', text });
}

/** A command that Baton runs for the agent printed something or ended; the call that shows it is told. */
export function applyTerminal(step: Step, terminalId: string, news: TerminalNews): void {
  const shown = Object.keys(step.state.tools).filter((id) => shows(step.state.tools[id], terminalId));
  if (shown.length === 0) keepEarly(step, terminalId, news);
  for (const id of shown) applyNews(step, id, news);
}

const shows = (tool: OpenTool | undefined, terminalId: string): boolean =>
  tool?.content.some((content) => content.terminalId === terminalId) === true;

function applyNews(step: Step, id: string, { text, exitCode }: TerminalNews): void {
  if (text !== undefined) extendTool(step, id, text);
  const open = step.state.tools[id];
  if (open === undefined || exitCode === undefined) return;
  update(step, { tools: { ...step.state.tools, [id]: { ...open, exitCode } } });
}

// A fast command has said all before the agent tells which call it was for.
function keepEarly(step: Step, terminalId: string, { text = '', exitCode }: TerminalNews): void {
  const { [terminalId]: before, ...others } = step.state.early;
  const said = before?.text ?? '';
  const ended = exitCode === undefined ? before?.exitCode : exitCode;
  const kept = {
    text: said.length > MAX_LIVE ? said : said + text,
    ...(ended === undefined ? {} : { exitCode: ended }),
  };
  const last = Object.entries(others).slice(1 - KEPT_EARLY);
  update(step, { early: { ...Object.fromEntries(last), [terminalId]: kept } });
}

function claimEarly(step: Step, id: string): void {
  const told = Object.keys(step.state.early).filter((terminalId) => shows(step.state.tools[id], terminalId));
  for (const terminalId of told) {
    const news = step.state.early[terminalId];
    update(step, { early: without(step.state.early, terminalId) });
    if (news !== undefined) applyNews(step, id, news);
  }
}
