import { request, type IncomingMessage } from 'node:http';
import { parseJson } from '@baton/protocol';
import { createFrameCollector } from '@baton/testkit';
import { onTestFinished } from 'vitest';
import { OWNER_KEY } from './test-server.ts';

export interface ServerSent {
  id?: string;
  event?: string;
  data?: Record<string, unknown>;
  comment?: string;
}

export interface EventSourceClient {
  readonly response: IncomingMessage;
  readonly events: readonly ServerSent[];
  until(fits: (event: ServerSent) => boolean): Promise<ServerSent>;
  readonly ended: Promise<void>;
}

/** Opens an event stream and reads it as a browser would. */
export function openEventSource(
  port: number,
  path: string,
  headers: Record<string, string> = {},
): Promise<EventSourceClient> {
  const collector = createFrameCollector<ServerSent>();
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        ...{ host: '127.0.0.1', port, path, agent: false },
        headers: {
          accept: 'text/event-stream',
          ...('cookie' in headers ? {} : { authorization: `Bearer ${OWNER_KEY}` }),
          ...headers,
        },
      },
      (response) => {
        let rest = '';
        response.setEncoding('utf8');
        response.on('data', (text: string) => {
          const blocks = (rest + text).split('\n\n');
          rest = blocks.pop() ?? '';
          for (const block of blocks) collector.send(parseBlock(block));
        });
        const ended = new Promise<void>((done) => response.once('close', done));
        response.on('error', () => undefined);
        resolve({ response, events: collector.frames, until: collector.until, ended });
      },
    );
    onTestFinished(() => void sent.destroy());
    sent.once('error', reject);
    sent.end();
  });
}

function parseBlock(block: string): ServerSent {
  const parsed: ServerSent = {};
  for (const line of block.split('\n')) {
    const [, name = '', value = ''] = /^([a-z]*): ?(.*)$/.exec(line) ?? [];
    if (name === '') parsed.comment = value;
    if (name === 'id') parsed.id = value;
    if (name === 'event') parsed.event = value;
    if (name === 'data') parsed.data = { ...(toValue(value) as object) };
  }
  return parsed;
}

function toValue(text: string): unknown {
  const parsed = parseJson(text);
  return parsed.ok ? parsed.value : undefined;
}
