import { z } from 'zod';
import type { GeminiCall } from './stored-gemini-line.ts';

/** The kinds that Gemini CLI gives its tools on the wire, and does not write into its files. */
const KINDS: Readonly<Record<string, string>> = {
  run_shell_command: 'execute',
  read_file: 'read',
  read_many_files: 'read',
  write_file: 'edit',
  replace: 'edit',
  edit: 'edit',
  glob: 'search',
  grep_search: 'search',
  search_file_content: 'search',
  list_directory: 'search',
  google_web_search: 'search',
  web_fetch: 'fetch',
  save_memory: 'think',
  write_todos: 'think',
};

const fileSchema = z.object({
  filePath: z.string(),
  originalContent: z.string().nullish().catch(null),
  newContent: z.string(),
});
const reportSchema = z.object({ result: z.string() });
const responsesSchema = z.array(
  z.object({ functionResponse: z.object({ response: z.record(z.string(), z.unknown()) }) }),
);

/** A finished call as the two messages in which the running CLI tells it. */
export function toToolUpdates(call: GeminiCall): { begin: object; end: object } {
  const { id, name, args, description, displayName, status } = call;
  const path = args['file_path'] ?? args['path'] ?? args['absolute_path'];
  const common = { toolCallId: id, name, kind: KINDS[name] ?? 'other', rawInput: args };
  const locations = typeof path === 'string' ? [{ path }] : [];
  return {
    begin: {
      ...common,
      sessionUpdate: 'tool_call',
      status: 'in_progress',
      title: (name === 'run_shell_command' ? args['command'] : description) || displayName || name,
      content: [],
      locations,
    },
    end: {
      ...common,
      sessionUpdate: 'tool_call_update',
      status: status === 'success' && !wasCancelled(call) ? 'completed' : 'failed',
      content: toContent(call),
    },
  };
}

/** The CLI calls a command that was cancelled a success. */
export function wasCancelled({ status, resultDisplay }: GeminiCall): boolean {
  if (status === 'cancelled') return true;
  return typeof resultDisplay === 'string' && resultDisplay.startsWith('Command cancelled by user');
}

function toContent({ resultDisplay: shown, result }: GeminiCall): object[] {
  const file = fileSchema.safeParse(shown).data;
  if (file !== undefined) {
    return [{ type: 'diff', path: file.filePath, oldText: file.originalContent ?? '', newText: file.newContent }];
  }
  const report = reportSchema.safeParse(shown).data?.result;
  const text = typeof shown === 'string' && shown !== '' ? shown : (report ?? toResponse(result));
  return text === '' ? [] : [{ type: 'content', content: { type: 'text', text } }];
}

// What the model was told, where nothing else was kept.
function toResponse(result: unknown): string {
  const parsed = responsesSchema.safeParse(result);
  if (!parsed.success) return '';
  return parsed.data
    .flatMap(({ functionResponse: { response } }) => [response['output'] ?? response['error']])
    .filter((each) => typeof each === 'string')
    .join('\n');
}

const todosSchema = z.array(z.object({ description: z.string(), status: z.string() }));

/** The list that a call sets, as the running CLI tells it; undefined for any other call. */
export function toPlanUpdate({ name, args }: GeminiCall): object | undefined {
  const todos = name === 'write_todos' ? todosSchema.safeParse(args['todos']).data : undefined;
  if (todos === undefined) return undefined;
  return {
    sessionUpdate: 'plan',
    entries: todos
      .filter(({ status }) => status !== 'cancelled')
      .map(({ description, status }) => ({ content: description, status })),
  };
}
