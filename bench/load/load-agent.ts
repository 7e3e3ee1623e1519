// A load generator that speaks as much of the Agent Client Protocol as a streamed answer needs. Not a double of any agent:
// it answers `stream COUNT deltas at RATE per second` with deltas that carry the time they were written at, and stops for
// `session/cancel`. It imports one small file, so that fifty of them start in a moment.
import { createInterface } from 'node:readline';
import { parseJson } from '../../packages/protocol/src/json.ts';
import { toStamp } from './stamp.ts';

interface Request {
  id?: number;
  method?: string;
  params?: { prompt?: { text?: string }[] };
}

const sessionId = `load-${process.pid}`;
let isCancelled = false;

function write(message: Record<string, unknown>): void {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
}

async function answer({ id, method, params }: Request): Promise<void> {
  switch (method) {
    case 'initialize': {
      const agentInfo = { name: 'load', title: 'Load', version: '1.0.0' };
      return write({ id, result: { protocolVersion: 1, agentCapabilities: { loadSession: true }, agentInfo } });
    }
    case 'session/new':
    case 'session/load':
      return write({ id, result: { sessionId } });
    case 'session/prompt':
      await stream(params?.prompt?.map(({ text = '' }) => text).join(' ') ?? '');
      return write({ id, result: { stopReason: isCancelled ? 'cancelled' : 'end_turn' } });
    case 'session/cancel':
      isCancelled = true;
      return;
    default:
  }
}

// Paced against the clock, so that a late timer does not lower the rate.
async function stream(prompt: string): Promise<void> {
  const [, count = '1', rate = '50'] = /stream (\d+) deltas at (\d+)/.exec(prompt) ?? [];
  const startedAt = performance.now();
  isCancelled = false;
  for (let index = 0; index < Number(count) && !isCancelled; index += 1) {
    const due = startedAt + (index * 1000) / Number(rate);
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
    const content = { type: 'text', text: toStamp(process.hrtime.bigint()) };
    write({
      method: 'session/update',
      params: { sessionId, update: { sessionUpdate: 'agent_message_chunk', content } },
    });
  }
}

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const parsed = parseJson(line);
    if (parsed.ok) void answer(parsed.value as Request);
  })
  .on('close', () => process.exit(0));
