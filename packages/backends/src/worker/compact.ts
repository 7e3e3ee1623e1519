import { WORKER_SOURCE } from './history.ts';
import { ModelError } from './model/model-error.ts';
import type { SelectedModel } from './model/select-model.ts';
import { countUsage, streamModel } from './request-reply.ts';
import type { TurnState } from './state.ts';
import { cutMiddle } from './tools/cut-text.ts';
import type { AssistantPart, ChatMessage, UserPart } from './wire.ts';

// Room is made when this much of the window is used.
const FULL = 0.8;
const MIN_REQUESTS = 3;
const CHARS_PER_TOKEN = 3;
const UNKNOWN_CONTEXT = 128_000;

const SYSTEM = `Summarise a conversation between a user and a coding agent, so that the agent can go on with nothing but your summary.
Keep: what the user wants and decided, what was found out, which files were read and changed and how, what was run and with what result,
what is done, what is left and what comes next. Keep exact names, paths and numbers. Leave out what no longer matters. Write plain text.`;

/** Whether room must be made before the next request. A summary that did not help is not made again at once. */
export function isFull({ session: { used }, sinceCompaction }: TurnState, model: SelectedModel): boolean {
  if (used === undefined || model.context === undefined || sinceCompaction < MIN_REQUESTS) return false;
  return used > model.context * FULL;
}

/**
 * Replaces the conversation by a summary of it. The summary goes into the log, so that a resumed session has the same.
 * Answers false when there is nothing worth a summary.
 */
export async function compact(turn: TurnState, model: SelectedModel): Promise<boolean> {
  const { conversation } = turn.session;
  const messages = conversation.messages();
  if (!messages.some((message) => message.role === 'assistant')) return false;
  const before = turn.session.used;
  const summary = await summarise(turn, model, messages);
  turn.session.used = undefined;
  turn.sinceCompaction = 0;
  await conversation.report({ type: 'raw.received', source: WORKER_SOURCE, payload: { type: 'compaction', summary } });
  const fullness =
    before === undefined || model.context === undefined ? '' : ` (${before} of ${model.context} tokens were used)`;
  await conversation.report({
    type: 'notice.raised',
    level: 'info',
    text: `The conversation was summarised to make room in the model's window${fullness}.`,
  });
  return true;
}

async function summarise(turn: TurnState, model: SelectedModel, messages: readonly ChatMessage[]): Promise<string> {
  const max = Math.floor((model.context ?? UNKNOWN_CONTEXT) * FULL * CHARS_PER_TOKEN);
  const transcript = cutMiddle(toTranscript(messages), max).text;
  const asked: ChatMessage = { role: 'user', parts: [{ type: 'text', text: transcript }] };
  let summary = '';
  for await (const event of streamModel(turn, { model, system: SYSTEM, tools: [], messages: [asked] })) {
    if (event.type === 'text') summary += event.text;
    if (event.type === 'end') await countUsage(turn, model, event.usage);
  }
  if (summary.trim() === '') throw new ModelError('malformed', { detail: 'the summary of the conversation was empty' });
  return summary.trim();
}

/** The conversation as plain text: a summary needs no tools, and providers refuse calls without them. */
export function toTranscript(messages: readonly ChatMessage[]): string {
  return messages
    .flatMap(({ role, parts }) =>
      (parts as readonly (UserPart | AssistantPart)[]).map((part) => `${role}: ${toText(part)}`),
    )
    .join('\n\n');
}

function toText(part: UserPart | AssistantPart): string {
  switch (part.type) {
    case 'text':
    case 'thinking':
      return part.text;
    case 'image':
      return '[an image]';
    case 'result':
      return `[result${part.isError ? ', failed' : ''}] ${part.text}`;
    case 'call':
      return `[calls ${part.name}] ${JSON.stringify(part.input)}`;
  }
}
