import type { SessionEars } from '../claude/start-claude.ts';
import { createAsker } from './ask.ts';
import { createOutbox } from './outbox.ts';
import { type CanUseTool, type SdkQuery, type Sent, sentSchema } from './wire.ts';

type Request = Extract<Sent, { type: 'control_request' }>['request'];

/** What the session asks of the agent, as the SDK's methods. */
const REQUESTS: Readonly<Record<string, (query: SdkQuery, request: Request) => Promise<unknown>>> = {
  initialize: (query) => query.initializationResult(),
  interrupt: (query, request) => query.interrupt({ cancelQueued: request['cancel_queued'] === true }),
  set_model: (query, request) => query.setModel(toText(request['model'])),
  set_permission_mode: (query, request) => query.setPermissionMode(toText(request['mode']) ?? 'default'),
  apply_flag_settings: (query, request) => query.applyFlagSettings(toRecord(request['settings'])),
  cancel_async_message: async (query, request) => query.cancelAsyncMessage?.(toText(request['message_uuid']) ?? ''),
};

/** Between a session, which speaks the messages of the CLI, and the SDK, which has a method or a callback for each. */
export interface Talk {
  readonly prompts: AsyncIterable<unknown>;
  readonly canUseTool: CanUseTool;
  /** Reads what the agent says until it has ended. Never rejects. */
  listen(query: SdkQuery): Promise<void>;
  /** Resolves when the session has dealt with what it was told. */
  whenDone(): Promise<unknown>;
  send(message: unknown): Promise<void>;
  /** No more prompts will come. */
  end(): void;
  /** The program is gone: whoever waits for an answer learns it. */
  close(): void;
}

export function createTalk(ears: Pick<SessionEars, 'onMessage' | 'onStderrLine'>): Talk {
  const outbox = createOutbox();
  let query: SdkQuery | undefined;
  let busy: Promise<unknown> = Promise.resolve();
  let isOver = false;

  function tell(message: unknown): Promise<unknown> {
    busy = Promise.resolve(ears.onMessage(message));
    return busy;
  }
  const whenDone = () => busy;
  const asker = createAsker({ tell, whenDone });

  async function ask(request_id: string, request: Request): Promise<void> {
    try {
      const method = REQUESTS[request.subtype];
      if (query === undefined || method === undefined) throw new Error(`the SDK has no "${request.subtype}"`);
      const response = await method(query, request);
      await tell({ type: 'control_response', response: { subtype: 'success', request_id, response } });
    } catch (cause) {
      // Of an end that everybody is about to hear of, the process has better words.
      if (isOver) return;
      const error = cause instanceof Error ? cause.message : String(cause);
      await tell({ type: 'control_response', response: { subtype: 'error', request_id, error } });
    }
  }

  return {
    prompts: outbox,
    canUseTool: asker.canUseTool,
    async listen(to) {
      query = to;
      try {
        for await (const message of to) await tell(message);
      } catch (cause) {
        if (!isOver) ears.onStderrLine(cause instanceof Error ? cause.message : String(cause));
      }
    },
    whenDone,
    async send(message) {
      const sent = sentSchema.parse(message);
      if (sent.type === 'user') return outbox.push(sent);
      if (sent.type === 'control_request') return void ask(sent.request_id, sent.request);
      const { request_id: requestId, response, error } = sent.response;
      asker.answer(requestId, response ?? { behavior: 'deny', message: error ?? 'Baton gave no answer' });
    },
    end: () => outbox.end(),
    close() {
      isOver = true;
      outbox.end();
      asker.close();
    },
  };
}

function toText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function toRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
