import type { ScriptedCall } from '../scenario/step.ts';
import { LOOKUP_TOOL, type Conversation, type OfferedTool } from './conversation.ts';
import { toPatch } from './to-patch.ts';
import { PURPOSES } from './tool-purpose.ts';

export interface MappedCall {
  name: string;
  input: Readonly<Record<string, unknown>>;
}

export interface Toolbox {
  tools: readonly OfferedTool[];
  /** Tools that exist but must be fetched by name before they can be called. */
  deferred: readonly string[];
  /** The folder that the agent works in, where it says so. */
  cwd?: string | undefined;
}

/**
 * A scripted call in the words of the agent that is listening: the tool it offers for that purpose and the names of
 * its fields. Undefined when it offers none. An exact tool name is taken as it is, offered or not.
 */
export function mapCall(call: ScriptedCall, toolbox: Toolbox): MappedCall | undefined {
  const purpose = Object.hasOwn(PURPOSES, call.tool) ? PURPOSES[call.tool] : undefined;
  if (purpose === undefined) return { name: call.tool, input: call.input };
  const find = (names: readonly string[]) =>
    purpose.names.map((name) => names.find((offered) => plain(offered) === name)).find((name) => name !== undefined);
  const offered = find(toolbox.tools.map((tool) => tool.name));
  const tool = toolbox.tools.find(({ name }) => name === offered);
  if (tool !== undefined) return { name: tool.name, input: toInput(call, tool, toolbox.cwd) };
  const deferred = find(toolbox.deferred);
  if (deferred !== undefined) return { name: LOOKUP_TOOL, input: { query: `select:${deferred}`, max_results: 5 } };
  const command = toCommand(call);
  return command === undefined ? undefined : mapCall({ tool: 'run', input: { command } }, toolbox);
}

/** Whether one of the tools that were called is what the scripted call stands for. */
export function isCallTo(call: ScriptedCall, called: readonly string[]): boolean {
  if (!Object.hasOwn(PURPOSES, call.tool)) return called.includes(call.tool);
  const purposes = toCommand(call) === undefined ? [call.tool] : [call.tool, 'run'];
  const names = purposes.flatMap((purpose) => PURPOSES[purpose]?.names ?? []);
  return called.some((name) => names.includes(plain(name)));
}

/** The tools a conversation offers; deferred ones are listed by name in what the agent tells the model. */
export function toToolbox({ tools, system }: Pick<Conversation, 'tools' | 'system'>): Toolbox {
  const canLookUp = tools.some((tool) => tool.name === LOOKUP_TOOL);
  const list = /deferred tools[^\n]*:\n((?:\w+\n)+)/g;
  return {
    tools,
    deferred: canLookUp ? [...system.matchAll(list)].flatMap(([, names = '']) => names.trim().split('\n')) : [],
  };
}

const plain = (name: string): string => name.toLowerCase().replace(/[-_]/g, '');

function toInput(call: ScriptedCall, tool: OfferedTool, cwd: string | undefined): Record<string, unknown> {
  if (plain(tool.name) === 'applypatch') return { patch: toPatch(call) };
  const properties = toProperties(tool.schema);
  const fields = PURPOSES[call.tool]?.fields ?? {};
  const input: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(withDefaults(call, tool))) {
    const candidates = fields[key] ?? [key];
    const known = candidates.find((name) => Object.hasOwn(properties, name));
    // An extra the agent has no field for is left out; what the scenario wrote by its exact name stays.
    if (known === undefined && OPTIONAL.has(key)) continue;
    const name = known ?? candidates[0] ?? key;
    input[name] = toPath(toFieldValue(name, value, properties[name]), properties[name], cwd);
  }
  return input;
}

const OPTIONAL = new Set([
  'description',
  'background',
  'type',
  'timeout',
  'limit',
  'offset',
  'all',
  'path',
  'instruction',
]);

// OpenCode's tool is named in lower case, and its subagent for everything is called otherwise.
const toSubagent = ({ name }: OfferedTool): string => (name === 'task' ? 'general' : 'general-purpose');

function withDefaults(call: ScriptedCall, tool: OfferedTool): Record<string, unknown> {
  if (call.tool === 'run') return { description: 'Run a scripted command', ...call.input };
  if (call.tool === 'agent')
    return { type: toSubagent(tool), description: 'Scripted subagent', background: false, ...call.input };
  if (call.tool === 'edit') return { instruction: 'Make the scripted change', ...call.input };
  return { ...call.input };
}

const WHOLE_PATH = /relative paths are not supported|must start with '\/'|must be (?:an )?absolute/i;

// Qwen Code takes no other paths.
function toPath(value: unknown, property: unknown, cwd: string | undefined): unknown {
  const description = isObject(property) ? property['description'] : undefined;
  const isWanted = typeof description === 'string' && WHOLE_PATH.test(description);
  if (!isWanted || cwd === undefined || typeof value !== 'string' || value.startsWith('/')) return value;
  return `${cwd}/${value}`;
}

function toFieldValue(name: string, value: unknown, property: unknown): unknown {
  const schema = isObject(property) ? property : {};
  // What Gemini CLI calls its subagent for anything.
  if (name === 'agent_name' && value === 'general-purpose') return 'generalist';
  if (typeof value === 'string' && schema['type'] === 'array' && (name === 'command' || name === 'cmd'))
    return ['bash', '-lc', value];
  if (!Array.isArray(value) || !isObject(schema['items'])) return value;
  const fields = toProperties(schema['items']);
  return value.map((entry, at) => (isObject(entry) ? withId(toEntry(entry, fields), fields, at) : entry));
}

const ENTRY_NAMES: Readonly<Record<string, readonly string[]>> = {
  title: ['content', 'title', 'step', 'description', 'label', 'text'],
  multi: ['multiSelect', 'multi_select', 'multiple'],
  multiSelect: ['multiSelect', 'multi_select', 'multiple'],
};

// Entries of a list (todos, questions) have names of their own in every agent.
function toEntry(entry: Record<string, unknown>, fields: Record<string, unknown>): Record<string, unknown> {
  const mapped: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(entry)) {
    const name = (ENTRY_NAMES[key] ?? [key]).find((candidate) => Object.hasOwn(fields, candidate)) ?? key;
    mapped[name] = toStatus(name, value, fields[name]);
  }
  if (Object.hasOwn(fields, 'activeForm') && mapped['activeForm'] === undefined)
    mapped['activeForm'] = mapped['content'];
  if (Object.hasOwn(fields, 'priority') && mapped['priority'] === undefined) mapped['priority'] = 'medium';
  if (Object.hasOwn(fields, 'multiSelect') && mapped['multiSelect'] === undefined) mapped['multiSelect'] = false;
  return mapped;
}

// Where answers are told by the id of their question, every question needs one.
function withId(entry: Record<string, unknown>, fields: Record<string, unknown>, at: number): Record<string, unknown> {
  return Object.hasOwn(fields, 'id') && entry['id'] === undefined ? { id: `q${at + 1}`, ...entry } : entry;
}

// "in-progress" here, "in_progress" there; and what is completed here is done there.
function toStatus(name: string, value: unknown, property: unknown): unknown {
  const allowed = isObject(property) && Array.isArray(property['enum']) ? property['enum'] : [];
  if (name !== 'status' || typeof value !== 'string') return value;
  const names = value === 'completed' ? [value, 'done'] : [value];
  const found = names.map((each) => allowed.find((one) => typeof one === 'string' && plain(one) === plain(each)));
  return found.find((one) => one !== undefined) ?? value;
}

/** The shell command for a purpose that the agent has no tool of its own for. */
function toCommand({ tool, input }: ScriptedCall): string | undefined {
  const quote = (value: unknown): string => `'${String(value).replaceAll("'", `'\\''`)}'`;
  switch (tool) {
    case 'list':
      return `ls -a ${quote(input['path'] ?? '.')}`;
    case 'read':
      return `cat ${quote(input['path'])}`;
    case 'search':
      return `grep -rn -e ${quote(input['pattern'])} ${quote(input['path'] ?? '.')}`;
    case 'find':
      return `find ${quote(input['path'] ?? '.')} -name ${quote(input['pattern'])}`;
    case 'write':
      return `printf '%s' ${quote(input['content'])} > ${quote(input['path'])}`;
    default:
      return undefined;
  }
}

function toProperties(schema: unknown): Record<string, unknown> {
  const properties = isObject(schema) ? schema['properties'] : undefined;
  return isObject(properties) ? properties : {};
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
