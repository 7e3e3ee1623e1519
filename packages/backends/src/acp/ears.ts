import { type Failure, parseJson } from '@baton/protocol';
import type { Conversation } from './conversation.ts';
import { createErrorLines } from './error-lines.ts';
import { toNonsenseFailure } from './exit-failure.ts';
import type { ProcessEars } from './launch.ts';
import { createOddLines } from './odd-lines.ts';
import { INVALID_PARAMS, type RpcChannel } from './rpc.ts';
import { type Service, isServed } from './serve-agent.ts';
import type { AcpSettings } from './settings.ts';
import { isQuestion, translate } from './translate.ts';
import { type AgentAsk, type Call, type Incoming, parseIncoming } from './wire.ts';

const MAX_RAW_LINE = 10_000;
const MAX_UNKNOWN = 200;

export interface EarsOptions {
  settings: AcpSettings;
  conversation: Conversation;
  rpc: RpcChannel;
  serve: Service;
  /** Whether the agent ever spoke the protocol. */
  hasSpoken(): boolean;
  /** It prints, but not what an agent would. */
  onNonsense(failure: Failure): void;
}

/** Takes what an agent process says, in whatever way. Bounds what of it can get into the log. */
export interface Ears {
  /** One line of its output. A returned promise means that no more should be read before it resolves. */
  take(line: string): void | Promise<void>;
  /** One message of it that is no answer. */
  hear(call: Call, signal?: AbortSignal): void | Promise<void>;
  loseLine(bytes: number): void;
  /** A line that is too long already and has not ended. */
  takeFlood(head: string): void;
  /** One line of its errors, which is told a moment later. */
  takeError(text: string): void;
  /** It has ended: tells what was not told yet. */
  close(): void;
  /** The last lines that were no messages. */
  said(): string;
  /** Those, and the last of its errors. */
  lastWords(): string;
}

export function createEars(options: EarsOptions): Ears {
  const { conversation, rpc, settings } = options;
  const { id: source, title } = settings.definition;
  const odd = createOddLines();
  const errors = createErrorLines({
    clock: settings.clock,
    onLine: (text) => void conversation.report({ type: 'agent.output', stream: 'stderr', text }),
    onFlood: () =>
      conversation.tell('warning', `${title} prints too much beside its messages; more of that is not kept.`),
  });
  let unknown = 0;

  function take(line: string): void | Promise<void> {
    if (line.trim() === '') return undefined;
    const message = toIncoming(line);
    if (message.type === 'unknown') return takeOdd(line);
    conversation.touch();
    return rpc.take(message);
  }

  function hear(message: Call, signal?: AbortSignal): void | Promise<void> {
    if (message.type === 'request' && isServed(message.method)) return void serve(options, message, signal);
    const translation = translate(conversation.state, message, conversation.toContext());
    return translation === undefined ? takeUnknown(message) : conversation.take(translation);
  }

  function takeUnknown(message: Call): void | Promise<void> {
    if (message.type === 'request') void serve(options, message);
    unknown += 1;
    const { method, params } = message;
    if (unknown > MAX_UNKNOWN) return undefined;
    return conversation.report({ type: 'raw.received', source, payload: { method, params } });
  }

  function takeOdd(line: string): void | Promise<void> {
    const what = odd.note(line, options.hasSpoken());
    if (what === 'give-up') return options.onNonsense(toNonsenseFailure(title, odd.said()));
    if (what === 'drop' || !options.hasSpoken()) return undefined;
    if (what === 'last-kept')
      conversation.tell('warning', `${title} prints lines that are no messages; more of them are not kept.`);
    return conversation.report({ type: 'raw.received', source, payload: line.slice(0, MAX_RAW_LINE) });
  }

  return {
    take,
    hear,
    said: () => odd.said(),
    lastWords: () => [odd.said(), ...errors.last()].filter((text) => text !== '').join('; '),
    loseLine(bytes) {
      if (!options.hasSpoken()) return;
      const size = Math.round(bytes / 1024 / 1024);
      conversation.tell('warning', `${title} wrote a message of ${size} MB, which was too long and is lost.`);
    },
    takeFlood(head) {
      if (options.hasSpoken()) return;
      odd.note(head, false);
      options.onNonsense(toNonsenseFailure(title, odd.said()));
    },
    takeError: errors.take,
    close: errors.flush,
  };
}

/** The same as a process is listened to. */
export function toProcessEars(ears: Ears, onExit: ProcessEars['onExit']): ProcessEars {
  return {
    onLine: (line) => ears.take(line),
    onOverlongLine: (bytes) => ears.loseLine(bytes),
    onOverflow: (head) => ears.takeFlood(head),
    onStderrLine: (text) => ears.takeError(text),
    onExit: (exit) => {
      ears.close();
      onExit(exit);
    },
  };
}

function toIncoming(line: string): Incoming {
  const parsed = parseJson(line);
  return parsed.ok ? parseIncoming(parsed.value) : { type: 'unknown' };
}

async function serve(
  { rpc, serve: toOutcome }: EarsOptions,
  { id, method, params }: AgentAsk,
  signal?: AbortSignal,
): Promise<void> {
  const invalid = { error: { code: INVALID_PARAMS, message: 'The parameters are not valid' } };
  const outcome = isQuestion(method) ? invalid : await toOutcome(method, params, signal);
  rpc.reply({ rpcId: id, ...outcome });
}
