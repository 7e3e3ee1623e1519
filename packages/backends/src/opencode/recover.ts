import { z } from 'zod';
import { type TranslateContext, runStep } from '../agent/step.ts';
import { type OpencodeApi, insist } from './api.ts';
import { type OpencodeState, type Step, type Translation, updateTurn } from './state.ts';
import { muteTexts } from './text.ts';
import { isOurs, translate } from './translate.ts';
import { type Look, noteBusy, settleIdle, withdrawPrompts } from './turn.ts';
import {
  type NativeEvent,
  type NativePermission,
  type NativeQuestion,
  type NativeStatus,
  messagesSchema,
  parseEvent,
  permissionSchema,
  questionRequestSchema,
  statusSchema,
} from './wire.ts';

/** What OpenCode says of a conversation now, where its events were missed. */
export interface Snapshot {
  messages: z.infer<typeof messagesSchema>;
  status: NativeStatus;
  permissions: readonly NativePermission[];
  questions: readonly NativeQuestion[];
}

export interface Seen extends Snapshot {
  look: Look;
}

const statusesSchema = z.record(z.string(), statusSchema);

export async function readSnapshot(api: OpencodeApi, sessionId: string, directory: string): Promise<Snapshot> {
  // After a cut, which is when this is asked, more connections break.
  const read = <T extends z.ZodType>(path: string, schema: T): Promise<z.infer<T>> =>
    insist(() => api.read(path, schema, { directory }));
  // The status first: one that is idle then has nothing to add to its messages.
  const statuses = await read('/session/status', statusesSchema);
  const [messages, permissions, questions] = await Promise.all([
    readMessages(api, sessionId, directory),
    read('/permission', z.array(permissionSchema)),
    read('/question', z.array(questionRequestSchema)),
  ]);
  return { messages, status: statuses[sessionId] ?? { type: 'idle' }, permissions, questions };
}

export function readMessages(api: OpencodeApi, sessionId: string, directory: string): Promise<Snapshot['messages']> {
  return insist(() => api.read(`/session/${sessionId}/message`, messagesSchema, { directory }));
}

/** Takes up what was missed. What is known already changes nothing. */
export function applySnapshot(state: OpencodeState, seen: Seen, context: TranslateContext): Translation {
  return runStep(state, context, (step) => {
    const { messages, permissions, questions, status, look } = seen;
    // Before what it has by now, which it may have got since it said what it does.
    if (status.type !== 'idle') noteBusy(step);
    replay(step, toEvents(step.state, messages));
    muteTexts(step);
    const listed = [...permissions, ...questions].map((request) => request.id);
    withdrawPrompts(step, (id) => !listed.includes(id), 'It was settled while Baton did not hear OpenCode');
    // An idle conversation waits for nothing, whatever is still listed.
    if (status.type === 'idle') return settleIdle(step, look);
    if (step.state.turn?.isDoubted === true) updateTurn(step, { isDoubted: false });
    const ours = (request: { sessionID: string }) => isOurs(step.state, request.sessionID);
    replay(
      step,
      permissions.filter(ours).map((properties) => ({ type: 'permission.asked', properties })),
    );
    replay(
      step,
      questions.filter(ours).map((properties) => ({ type: 'question.asked', properties })),
    );
  });
}

/** The same for the messages of a subagent. */
export function applyMessages(
  state: OpencodeState,
  messages: Snapshot['messages'],
  context: TranslateContext,
): Translation {
  return runStep(state, context, (step) => {
    replay(step, toEvents(step.state, messages));
    muteTexts(step);
  });
}

function replay(step: Step, events: readonly NativeEvent[]): void {
  for (const event of events) {
    const { state, reports } = translate(step.state, event, step.context);
    step.state = state;
    step.reports.push(...reports);
  }
}

// As the events would have come: the message, its parts, and the message again when it is done.
function toEvents({ messages: known, turn }: OpencodeState, messages: Snapshot['messages']): NativeEvent[] {
  if (turn === undefined) return [];
  return messages
    .filter(({ info }) => info.id >= turn.promptId && known[info.id]?.isDone !== true)
    .flatMap(({ info, parts }) => {
      const open = info.role === 'user' ? info : { ...info, time: { created: info.time.created }, error: undefined };
      const events: NativeEvent[] = [{ type: 'message.updated', properties: { info: open } }];
      for (const part of parts) {
        const event = parseEvent({ type: 'message.part.updated', properties: { part } });
        if (event !== undefined) events.push(event);
      }
      return info.role === 'user' ? events : [...events, { type: 'message.updated', properties: { info } }];
    });
}
