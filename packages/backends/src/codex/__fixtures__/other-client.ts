import { connect } from 'node:net';
import { parseJson } from '@baton/protocol';
import { WebSocket } from 'ws';
import { z } from 'zod';

const messageSchema = z.looseObject({
  id: z.union([z.string(), z.number()]).optional(),
  method: z.string().optional(),
  params: z.unknown().optional(),
  result: z.unknown().optional(),
  error: z.object({ message: z.string() }).optional(),
});
type Message = z.infer<typeof messageSchema>;

/** Another client of an app-server, as Codex's own terminal program is one. */
export interface OtherClient {
  /** Resolves with the result; rejects with what Codex says. */
  request(method: string, params: unknown): Promise<unknown>;
  /** The first request of Codex's own of this kind, whenever it comes. */
  asked(method: string): Promise<Message>;
  answer(asked: Message, result: unknown): void;
  close(): void;
}

export async function connectOther(remote: string): Promise<OtherClient> {
  const createConnection = () => connect(remote.replace('unix://', ''));
  const socket = new WebSocket('ws://localhost/', { createConnection, perMessageDeflate: false });
  const messages: Message[] = [];
  const watchers = new Set<() => void>();
  socket.on('message', (data: Buffer) => {
    const parsed = parseJson(data.toString('utf8'));
    messages.push(messageSchema.parse(parsed.ok ? parsed.value : {}));
    for (const look of [...watchers]) look();
  });
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  const until = (fits: (message: Message) => boolean) =>
    new Promise<Message>((resolve) => {
      const look = () => {
        const found = messages.find(fits);
        if (found === undefined) return;
        watchers.delete(look);
        resolve(found);
      };
      watchers.add(look);
      look();
    });
  let count = 0;
  const request = async (method: string, params: unknown) => {
    const id = `other ${(count += 1)}`;
    socket.send(JSON.stringify({ id, method, params }));
    const answer = await until((message) => message.id === id);
    if (answer.error !== undefined) throw new Error(answer.error.message);
    return answer.result;
  };
  const clientInfo = { name: 'other', title: 'Other', version: '1' };
  await request('initialize', { clientInfo, capabilities: { experimentalApi: true } });
  socket.send(JSON.stringify({ method: 'initialized' }));
  return {
    request,
    asked: (method) => until((message) => message.method === method && message.id !== undefined),
    answer: ({ id }, result) => socket.send(JSON.stringify({ id, result })),
    close: () => socket.terminate(),
  };
}
