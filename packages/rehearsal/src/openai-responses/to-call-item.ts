import type { OfferedTool } from '../play/conversation.ts';
import { CODE_TOOL, toCallForm } from './offered-tool.ts';

interface ScriptedToolCall {
  name: string;
  input: Readonly<Record<string, unknown>>;
}

export interface CallItem {
  type: 'function_call' | 'custom_tool_call';
  name: string;
  namespace?: string;
  /** JSON for a function, free text for a custom tool. */
  text: string;
}

/** A scripted call as the API carries it. */
export function toCallItem(call: ScriptedToolCall, tools: readonly OfferedTool[]): CallItem {
  const { form, namespace } = toCallForm(tools, call.name);
  const place = namespace === undefined ? {} : { namespace };
  const input = complete(call);
  switch (form) {
    case 'function':
      return { type: 'function_call', name: call.name, ...place, text: JSON.stringify(input) };
    case 'custom':
      return { type: 'custom_tool_call', name: call.name, ...place, text: toFreeText(input) };
    case 'nested':
      return { type: 'custom_tool_call', name: CODE_TOOL, ...place, text: toScript(call.name, JSON.stringify(input)) };
    case 'nested-custom': {
      const argument = JSON.stringify(toFreeText(input));
      return { type: 'custom_tool_call', name: CODE_TOOL, ...place, text: toScript(call.name, argument) };
    }
  }
}

const MARK = /^\/\/ calls (\w+)\n/;

/** The tool that a script given to `exec` calls, as it was written by `toCallItem`. */
export function toNestedName(script: string): string | undefined {
  return MARK.exec(script)?.[1];
}

function toScript(name: string, argument: string): string {
  return [
    `// calls ${name}`,
    `const result = await tools.${name}(${argument});`,
    'const code = result?.exit_code;',
    "if (code !== undefined) text('Process exited with code ' + code + '\\nOutput:\\n');",
    "text(typeof result === 'string' ? result : (result?.output ?? JSON.stringify(result)));",
    '',
  ].join('\n');
}

function toFreeText(input: Readonly<Record<string, unknown>>): string {
  const texts = [input['patch'], input['input'], ...Object.values(input)].filter((value) => typeof value === 'string');
  return texts[0] ?? '';
}

// What a real model fills in and a script does not name.
function complete({ name, input }: ScriptedToolCall): Readonly<Record<string, unknown>> {
  // A command that takes longer is answered while it still runs; scripts wait for the end of theirs.
  if (name === 'exec_command') return { yield_time_ms: 30_000, ...input };
  if (name !== 'spawn_agent') return input;
  const { task_name: title } = input;
  const taskName = typeof title === 'string' ? title.toLowerCase() : 'scripted task';
  return { fork_turns: 'none', ...input, task_name: taskName.replace(/[^a-z0-9]+/g, '_').replace(/^_|_$/g, '') };
}
