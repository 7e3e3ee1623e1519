import type { EventOf, ToolCallItem, ToolOutput, ToolStatus } from '@baton/protocol';
import { parseJson } from '@baton/protocol';
import { z } from 'zod';
import { cutMiddle, cutStrings } from '../agent/cut.ts';
import { toTitle } from './command-text.ts';
import { toChangeKind, toChangeTitle, toDiffs } from './file-change.ts';
import { type CallBegin, toCommand, toText } from './stored-line.ts';
import type { FileChange } from './wire.ts';

const MAX_TEXT = 100_000;

/** A call of the model's, as versions wrote it that kept no items: what it is, and what it changes. */
export interface StoredCall {
  shown: Pick<ToolCallItem, 'tool' | 'title' | 'kind' | 'input' | 'locations'>;
  changes: FileChange[];
}

const SHELLS = new Set(['shell', 'exec_command', 'shell_command', 'container.exec', 'local_shell', 'unified_exec']);
/** Told by the plan, or by the command they belong to. */
const QUIET = new Set(['update_plan', 'write_stdin']);

/** Undefined: nothing of its own for a person. */
export function toStoredCall(call: CallBegin, cwd: string): StoredCall | undefined {
  if (call.type === 'local_shell_call') return toShell(toCommand(toFields(call.action)['command']));
  const { name } = call;
  const input = call.type === 'custom_tool_call' ? { input: call.input } : toFields(parse(call.arguments));
  if (QUIET.has(name)) return undefined;
  const first = (...names: string[]) => names.map((each) => input[each]).find((each) => each !== undefined);
  if (name === 'apply_patch') return toPatch(toCommand(first('input', 'patch')), cwd);
  if (!SHELLS.has(name)) return toOther(name, input);
  const command = toCommand(first('command', 'cmd'));
  const patch = toShellPatch(command);
  return patch === undefined ? toShell(command) : toPatch(patch, cwd);
}

function toOther(name: string, input: Readonly<Record<string, unknown>>): StoredCall {
  const kind = isMcp(name) ? 'mcp' : 'other';
  return { shown: { tool: name, title: name, kind, input: cutStrings(input) }, changes: [] };
}

const isMcp = (name: string) => name.includes('__');

function toShell(command: string): StoredCall {
  const input = { command: cutStrings(command) };
  return { shown: { tool: 'exec_command', title: toTitle(command), kind: 'execute', input }, changes: [] };
}

// Older models edit with a program that is none: `apply_patch "*** Begin Patch …"` in the shell.
function toShellPatch(text: string): string | undefined {
  return text.startsWith('apply_patch') ? /\*\*\* Begin Patch[\s\S]*\*\*\* End Patch/.exec(text)?.[0] : undefined;
}

function toPatch(text: string, cwd: string): StoredCall {
  const changes = toPatchChanges(text);
  const locations = changes.map(({ path }) => ({ path }));
  const shown = {
    tool: 'apply_patch',
    title: toTitle(toChangeTitle(changes, cwd)),
    kind: toChangeKind(changes),
    input: { files: locations.map(({ path }) => path) },
    locations,
  };
  return { shown, changes };
}

const HEADER = /^\*\*\* (Add|Update|Delete) File: (.+)$/s;
const MOVE = /^\*\*\* Move to: (.+)$/s;
const KINDS: Readonly<Record<string, string>> = { Add: 'add', Update: 'update', Delete: 'delete' };

/** The changes of a patch in Codex's own form. */
export function toPatchChanges(patch: string): FileChange[] {
  const changes: FileChange[] = [];
  for (const line of patch.split('\n')) {
    const [, verb = '', path = ''] = HEADER.exec(line) ?? [];
    const last = changes.at(-1);
    if (path !== '') changes.push({ path, kind: { type: KINDS[verb] ?? 'update', move_path: null }, diff: '' });
    else if (last === undefined || line.startsWith('*** End')) continue;
    else if (MOVE.test(line)) last.kind.move_path = MOVE.exec(line)?.[1];
    else if (last.kind.type === 'add') last.diff += `${line.replace(/^\+/, '')}\n`;
    else last.diff += `${line}\n`;
  }
  return changes;
}

export interface CallEnd {
  status: ToolStatus;
  output: ToolOutput[];
}

const jsonOutputSchema = z.object({
  output: z.string(),
  metadata: z.object({ exit_code: z.number().optional() }).optional(),
});

/** What came of a call, which versions wrote in three ways. */
export function toCallEnd(output: unknown, call: StoredCall): CallEnd {
  const { text, exitCode } = toResult(output);
  const status = exitCode === undefined || exitCode === 0 ? 'completed' : 'failed';
  if (call.changes.length > 0 && status === 'completed') return { status, output: toDiffs(call.changes) };
  if (call.shown.kind !== 'execute')
    return { status, output: text === '' ? [] : [{ type: 'text', ...cutMiddle(text, MAX_TEXT) }] };
  return { status, output: [{ type: 'terminal', ...cutMiddle(text, MAX_TEXT), exitCode: exitCode ?? null }] };
}

function toResult(output: unknown): { text: string; exitCode: number | undefined } {
  const whole = typeof output === 'string' ? output : toText(output);
  const parsed = jsonOutputSchema.safeParse(parse(whole));
  if (parsed.success) return { text: parsed.data.output, exitCode: toCode(parsed.data.metadata?.exit_code) };
  const head = /^([\s\S]{0,400}?)(?:^|\n)Output:\n/.exec(whole);
  const code = /(?:Process exited with code|Exit code:) (\d+)/.exec(head?.[1] ?? '')?.[1];
  return { text: head === null ? whole : whole.slice(head[0].length), exitCode: toCode(Number(code)) };
}

const toCode = (code: number | undefined) => (Number.isInteger(code) ? code : undefined);

const planSchema = z.object({ plan: z.array(z.object({ step: z.string(), status: z.string() })) });

/** The plan that a call sets; undefined for any other call. */
export function toPlan(call: CallBegin): EventOf<'plan.updated'>['entries'] | undefined {
  if (call.type !== 'function_call' || call.name !== 'update_plan') return undefined;
  const parsed = planSchema.safeParse(parse(call.arguments));
  return parsed.data?.plan.map(({ step, status }) => ({
    title: step,
    status: status === 'in_progress' ? 'in-progress' : status === 'completed' ? 'completed' : 'pending',
  }));
}

function parse(text: string): unknown {
  const parsed = parseJson(text);
  return parsed.ok ? parsed.value : undefined;
}

function toFields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
