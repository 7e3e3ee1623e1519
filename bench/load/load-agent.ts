// A load generator that speaks as much of Claude Code's stream-json as a streamed answer needs. Not a double of the agent:
// it answers `stream COUNT deltas at RATE per second` with deltas that carry the time they were written at.
import { createInterface } from 'node:readline';
import { parseJson } from '@baton/protocol';
import { z } from 'zod';
import { toStamp } from './stamp.ts';

const VERSION = '2.1.329 (Claude Code)';
const MODEL = 'claude-load';

const lineSchema = z.object({
  type: z.string(),
  uuid: z.string().optional(),
  request_id: z.string().optional(),
  request: z.object({ subtype: z.string() }).optional(),
  message: z.object({ content: z.unknown() }).optional(),
});

const sessionId = readFlag('--session-id') ?? readFlag('--resume') ?? '00000000-0000-4000-8000-000000000000';

function readFlag(name: string): string | undefined {
  const index = process.argv.indexOf(name);
  return index === -1 ? undefined : process.argv[index + 1];
}

function write(line: Record<string, unknown>): void {
  process.stdout.write(`${JSON.stringify({ ...line, session_id: sessionId })}\n`);
}

function stream(event: Record<string, unknown>): void {
  write({ type: 'stream_event', parent_tool_use_id: null, event });
}

async function answer(prompt: string, uuid: string | undefined): Promise<void> {
  const [, count = '1', rate = '50'] = /stream (\d+) deltas at (\d+)/.exec(prompt) ?? [];
  const id = `msg_${process.hrtime.bigint()}`;
  write({ type: 'system', subtype: 'init', model: MODEL, permissionMode: 'default', tools: [], mcp_servers: [] });
  stream({ type: 'message_start', message: { id, model: MODEL, role: 'assistant', content: [] } });
  stream({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } });
  const text = await streamDeltas(Number(count), Number(rate));
  write({
    type: 'assistant',
    parent_tool_use_id: null,
    message: { id, model: MODEL, role: 'assistant', content: [{ type: 'text', text }] },
  });
  stream({ type: 'content_block_stop', index: 0 });
  stream({ type: 'message_stop' });
  const usage = { input_tokens: 1, output_tokens: Number(count) };
  write({
    type: 'result',
    subtype: 'success',
    is_error: false,
    result: text,
    num_turns: 1,
    usage,
    user_message_uuids: [uuid],
  });
}

// Paced against the clock, so that a late timer does not lower the rate.
async function streamDeltas(count: number, rate: number): Promise<string> {
  const startedAt = performance.now();
  let text = '';
  for (let index = 0; index < count; index += 1) {
    const due = startedAt + (index * 1000) / rate;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
    const part = toStamp(process.hrtime.bigint());
    text += part;
    stream({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: part } });
  }
  return text;
}

function take(text: string): void {
  const parsed = parseJson(text);
  const line = lineSchema.safeParse(parsed.ok ? parsed.value : undefined);
  if (!line.success) return;
  const { type, request_id, message, uuid } = line.data;
  if (type === 'control_request') {
    const response = {
      commands: [],
      agents: [],
      models: [{ value: MODEL, displayName: 'Load', description: '' }],
      account: {},
    };
    write({ type: 'control_response', response: { subtype: 'success', request_id, response } });
  }
  if (type === 'user') void answer(JSON.stringify(message?.content), uuid);
}

if (process.argv.includes('--version')) process.stdout.write(`${VERSION}\n`);
else
  createInterface({ input: process.stdin })
    .on('line', take)
    .on('close', () => process.exit(0));
