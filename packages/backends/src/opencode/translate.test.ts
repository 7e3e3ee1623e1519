import { readFile, readdir } from 'node:fs/promises';
import { parseJson } from '@baton/protocol';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type TranslateContext, runStep, update } from '../agent/step.ts';
import { type Play, checkLaws, createPlay, event, ofType, say } from './__fixtures__/play.ts';
import { close } from './approve.ts';
import { type Snapshot, applySnapshot } from './recover.ts';
import { applyOffer } from './ready.ts';
import { type OpencodeState, updateTurn } from './state.ts';
import { beginsInterrupted, type Look, isInDoubt } from './turn.ts';

const IDLE = { status: { type: 'idle' as const }, permissions: [], questions: [] };
const FIXTURES = new URL('./__fixtures__/', import.meta.url);
const names = (await readdir(FIXTURES)).filter((name) => name.endsWith('.ndjson')).map((name) => name.slice(0, -7));

const lineSchema = z.union([
  z.strictObject({ session: z.string() }),
  z.strictObject({ prompt: z.string() }),
  z.strictObject({ abort: z.string() }),
  z.strictObject({ reply: z.string(), body: z.looseObject({ reply: z.string().optional() }) }),
  z.strictObject({ event: z.unknown() }),
]);
type Line = z.infer<typeof lineSchema>;
const userSchema = z.object({
  type: z.literal('message.updated'),
  properties: z.object({ info: z.object({ id: z.string(), sessionID: z.string(), role: z.literal('user') }) }),
});

async function readRecording(name: string): Promise<Line[]> {
  const text = await readFile(new URL(`${name}.ndjson`, FIXTURES), 'utf8');
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => {
    const parsed = parseJson(line);
    return lineSchema.parse(parsed.ok ? parsed.value : undefined);
  });
}

/** Plays a recording: what was sent sets the state as a session would, what came is translated. One play per conversation. */
function replay(lines: readonly Line[]): Play[] {
  const plays = new Map<string, Play>();
  const seen = new Set<string>();
  // Whoever was recorded did not wait for "idle" before the next prompt, as a session does.
  const late = new Set<string>();
  function beginLate({ id, sessionID }: { id: string; sessionID: string }): void {
    const play = plays.get(sessionID);
    if (!seen.has(id) && play?.state.turn === undefined && late.delete(sessionID)) play?.prompt(id);
    seen.add(id);
  }
  for (const [index, line] of lines.entries()) {
    if ('prompt' in line && plays.get(line.prompt)?.state.turn !== undefined) late.add(line.prompt);
    if ('session' in line) plays.set(line.session, createPlay({ nativeId: line.session }));
    else if ('event' in line) {
      const user = userSchema.safeParse(line.event);
      if (user.success) beginLate(user.data.properties.info);
      for (const play of plays.values()) play.take(line.event);
    } else for (const [sessionId, play] of plays) send(play, line, findPrompt(lines.slice(index), sessionId, seen));
  }
  return [...plays.values()];
}

// The session chooses the id of a prompt; the recordings left it to OpenCode.
function findPrompt(lines: readonly Line[], sessionId: string, seen: ReadonlySet<string>): string | undefined {
  for (const line of lines) {
    const user = 'event' in line ? userSchema.safeParse(line.event) : undefined;
    if (user?.success !== true) continue;
    const { info } = user.data.properties;
    if (info.sessionID === sessionId && !seen.has(info.id)) return info.id;
  }
  return undefined;
}

function send(play: Play, line: Exclude<Line, { session: string } | { event: unknown }>, promptId: string | undefined) {
  const { nativeId, turn } = play.state;
  if ('prompt' in line && line.prompt === nativeId && turn === undefined && promptId !== undefined)
    play.prompt(promptId);
  if ('abort' in line && line.abort === nativeId) {
    play.apply((state, context) => runStep(state, context, (step) => updateTurn(step, { isInterrupting: true })));
  }
  if (!('reply' in line)) return;
  const prompt = play.state.prompts.find((open) => open.requestId === line.reply);
  if (prompt === undefined) return;
  play.apply((state, context) =>
    runStep(state, context, (step) => {
      close(step, prompt.requestId);
      if (line.body.reply === 'reject' && prompt.callId !== undefined) {
        update(step, { denied: [...step.state.denied, prompt.callId] });
      }
    }),
  );
}

const tools = (play: Play | undefined) =>
  ofType(play?.reports ?? [], 'item.ended').flatMap(({ item }) => (item.type === 'tool-call' ? [item] : []));

describe('every recording', () => {
  test.each(names)('%s gives the reports it gave before', async (name) => {
    const reports = replay(await readRecording(name)).flatMap((play) => play.reports);
    const golden = reports.map((report) => JSON.stringify(report)).join('\n');
    await expect(`${golden}\n`).toMatchFileSnapshot(`./__fixtures__/golden/${name}.ndjson`);
  });

  test.each(names)('%s keeps the laws, and holds nothing unknown', async (name) => {
    for (const play of replay(await readRecording(name))) {
      checkLaws(play.reports);
      expect(ofType(play.reports, 'raw.received')).toEqual([]);
    }
  });
});

test('streams text and a command with its approval', async () => {
  const [play] = replay(await readRecording('basic'));
  expect(ofType(play?.reports ?? [], 'turn.ended').map((end) => end.outcome)).toEqual(['completed', 'completed']);
  expect(ofType(play?.reports ?? [], 'approval.requested')).toMatchObject([
    { title: 'touch oc1; echo out1; sleep 1; echo out2', action: { kind: 'execute', tool: 'bash' } },
  ]);
  expect(tools(play)).toMatchObject([{ status: 'completed', output: [{ text: 'out1\nout2\n', exitCode: 0 }] }]);
  const deltas = ofType(play?.reports ?? [], 'item.delta');
  expect(deltas.map((delta) => delta.text).join('')).toContain('Hello from the OpenAI stub.');
});

test('knows what was denied, what is a diff, what a plan, a question, a subagent', async () => {
  const [play] = replay(await readRecording('permissions'));
  expect(new Set(tools(play).map((tool) => tool.status))).toEqual(
    new Set(['completed', 'denied', 'interrupted', 'failed']),
  );
  expect(tools(play).filter((tool) => tool.kind === 'edit')).toMatchObject([
    { tool: 'write', output: [{ type: 'diff', added: 1, removed: 0 }] },
    { tool: 'edit', output: [{ type: 'diff', added: 1, removed: 1, patch: expect.not.stringContaining('Index:') }] },
  ]);
  expect(ofType(play?.reports ?? [], 'plan.updated').length).toBeGreaterThan(0);
  expect(ofType(play?.reports ?? [], 'question.asked')).toMatchObject([
    { questions: [{ id: 'q1', question: 'Which?' }] },
  ]);
  const agent = ofType(play?.reports ?? [], 'item.started').find(
    ({ item }) => item.type === 'tool-call' && item.kind === 'subagent',
  );
  const inner = ofType(play?.reports ?? [], 'item.started').filter(({ parentItemId }) => parentItemId !== undefined);
  expect(inner.length).toBeGreaterThan(0);
  expect(inner.every(({ parentItemId }) => parentItemId === agent?.itemId)).toBe(true);
});

test('text that is begun anew after a broken stream takes the place of what came first', async () => {
  const play = createPlay();
  play.prompt();
  play.take(say.user('msg_1'), say.answer('msg_2'), say.text('msg_2', ''), say.delta('prt_1', 'Half'));
  const status = { type: 'retry', attempt: 1, message: '{"message":"broken"}' };
  expect(play.take(event('session.status', { sessionID: 'ses_1', status }))).toMatchObject([
    { type: 'notice.raised', text: expect.stringContaining('(broken)') },
  ]);
  const again = { id: 'prt_2' };
  expect(play.take(say.text('msg_2', '', again), say.delta('prt_2', 'Whole.'))).toEqual([]);
  expect(play.take(say.text('msg_2', 'Whole.', { ...again, time: { end: 1 } }))).toMatchObject([
    { type: 'item.ended', itemId: 'itm_1', item: { text: 'Whole.' } },
  ]);
});

test('fails a turn whose model fails too often, or that would wait for long', () => {
  const retry = (attempt: number, next?: number) =>
    event('session.status', { sessionID: 'ses_1', status: { type: 'retry', attempt, message: 'Overloaded', next } });
  const patience = { retries: 3, waitMs: 30_000 };
  const often = createPlay({ patience });
  often.prompt();
  often.take(retry(1), retry(2), retry(3));
  expect(often.state.turn?.failure).toBeUndefined();
  often.take(retry(4));
  expect(often.state.turn?.failure).toMatchObject({
    kind: 'model-failed',
    message: expect.stringContaining('Overloaded'),
  });
  const long = createPlay({ patience });
  long.prompt();
  long.take(retry(1, Date.parse('2100-01-01')));
  expect(long.state.turn?.failure).toBeDefined();
});

test('fails a turn whose model says nothing again and again, and not one that works without words', () => {
  const blank = (id: string) => say.done(id, { finish: 'unknown' });
  const play = createPlay({ patience: { retries: 1, waitMs: 0 } });
  play.prompt();
  play.take(say.answer('msg_2'), blank('msg_2'), say.answer('msg_3'));
  play.take(say.tool('msg_3', 'bash', { status: 'running', input: { command: 'ls' } }), blank('msg_3'));
  expect(play.state.turn?.failure).toBeUndefined();
  play.take(say.answer('msg_4'), blank('msg_4'));
  expect(play.state.turn?.failure).toMatchObject({ kind: 'model-failed', message: expect.stringContaining('address') });
});

test('says why turns failed, and warns of a retry once', async () => {
  const [play] = replay(await readRecording('errors'));
  const errors = ofType(play?.reports ?? [], 'turn.ended').flatMap((end) => end.error?.kind ?? []);
  expect(errors).toContain('model-failed');
  const notices = ofType(play?.reports ?? [], 'notice.raised').map(({ text }) => text);
  expect(notices.some((text) => text.includes('tries again'))).toBe(true);
});

describe('the end of a turn', () => {
  test('is not what is still said of the turn before', () => {
    const play = createPlay();
    play.prompt('msg_5');
    expect(play.take(say.idle(), say.done('msg_3'), say.user('msg_5'), say.idle())).toEqual([]);
    expect(play.take(say.answer('msg_6'), say.done('msg_6'), say.idle())).toMatchObject([
      { type: 'turn.ended', outcome: 'completed', point: 'msg_6@2' },
    ]);
    expect(play.take(say.idle(), say.done('msg_6'), say.text('msg_6', 'late', { id: 'prt_9' }))).toEqual([]);
  });

  test('waits for the last of an interrupted command, which comes after "idle"', () => {
    const play = createPlay();
    play.prompt();
    play.take(
      say.user('msg_1'),
      say.answer('msg_2'),
      say.tool('msg_2', 'bash', { status: 'running', input: { command: 'ls' } }),
    );
    expect(play.take(say.error('MessageAbortedError', {}), say.idle())).toEqual([]);
    expect(isInDoubt(play.state)).toBe(true);
    const reports = play.take(
      say.tool('msg_2', 'bash', { status: 'error', input: { command: 'ls' }, error: 'Tool execution aborted' }),
      say.done('msg_2'),
    );
    expect(reports.map((report) => report.type)).toEqual(['item.ended', 'turn.ended']);
    expect(reports.at(-1)).toMatchObject({ outcome: 'interrupted' });
  });

  test('of a prompt that was refused has to be asked for', () => {
    const play = createPlay();
    play.prompt();
    play.take(
      say.error('UnknownError', { message: 'Agent not found: "x"' }),
      say.error('UnknownError', { message: 'a stack' }),
    );
    expect(isInDoubt(play.state)).toBe(true);
    const nothing = { messages: [], ...IDLE, look: { hadBegun: false, hasWaited: false } };
    expect(play.apply((state, context) => applySnapshot(state, nothing, context))).toMatchObject([
      {
        type: 'turn.ended',
        outcome: 'failed',
        error: { kind: 'invalid-input', message: expect.stringContaining('Agent not found') },
      },
    ]);
  });

  test('of a turn that nobody asked for is told too', () => {
    const play = createPlay();
    expect(play.take(say.answer('msg_7')).map((report) => report.type)).toEqual(['turn.started']);
    play.take(say.text('msg_7', 'By myself.', { time: { end: 1 } }), say.done('msg_7'), say.idle());
    checkLaws(play.reports);
    expect(play.reports.at(-1)).toMatchObject({ type: 'turn.ended', outcome: 'completed' });
  });
});

describe('a turn that nobody asked for', () => {
  const look = { hadBegun: true, hasWaited: true };
  const answers = (status: { type: 'idle' } | { type: 'busy' }) => ({ messages: [], ...IDLE, status, look });

  test('is doubted: the last word about what was aborted before looks the same, and has no end', () => {
    const play = createPlay();
    play.take(say.answer('msg_7'));
    expect(isInDoubt(play.state)).toBe(true);
    const idle = answers({ type: 'idle' });
    expect(play.apply((state, context) => applySnapshot(state, idle, context))).toMatchObject([{ type: 'turn.ended' }]);
  });

  test('goes on, and is doubted no more, when OpenCode says that it works', () => {
    const play = createPlay();
    play.take(say.answer('msg_7'));
    const busy = answers({ type: 'busy' });
    expect(play.apply((state, context) => applySnapshot(state, busy, context))).toEqual([]);
    expect(isInDoubt(play.state)).toBe(false);
    play.take(say.done('msg_7'), say.idle());
    expect(play.reports.at(-1)).toMatchObject({ type: 'turn.ended', outcome: 'completed' });
  });
});

describe('what was missed', () => {
  const snapshot = (parts: object[], more: object = {}) => ({
    messages: [
      {
        info: { id: 'msg_2', sessionID: 'ses_1', role: 'assistant' as const, time: { created: 2, ...more }, cost: 0 },
        parts,
      },
    ],
    status: { type: 'busy' as const },
    permissions: [],
    questions: [],
    look: { hadBegun: true, hasWaited: false },
  });
  const part = { id: 'prt_1', sessionID: 'ses_1', messageID: 'msg_2', type: 'text' };

  test('leaves a hole in a text, which only its whole can fill', () => {
    const play = createPlay();
    play.prompt();
    play.take(say.user('msg_1'), say.answer('msg_2'), say.text('msg_2', ''), say.delta('prt_1', 'One '));
    play.apply((state, context) => applySnapshot(state, snapshot([{ ...part, text: '' }]), context));
    expect(play.take(say.delta('prt_1', 'three.'))).toEqual([]);
    expect(play.take(say.text('msg_2', 'One two three.', { time: { end: 9 } }))).toMatchObject([
      { type: 'item.ended', item: { text: 'One two three.' } },
    ]);
    expect(play.take(say.text('msg_2', 'One two three.', { time: { end: 9 } }))).toEqual([]);
  });

  test('is told once, whatever comes again', () => {
    const play = createPlay();
    play.prompt();
    play.take(say.user('msg_1'));
    const whole = snapshot([{ ...part, text: 'All of it.', time: { end: 9 } }], { completed: 3 });
    const reports = play.apply((state, context) => applySnapshot(state, whole, context));
    expect(reports.map((report) => report.type)).toEqual(['item.started', 'item.delta', 'item.ended']);
    expect(play.apply((state, context) => applySnapshot(state, whole, context))).toEqual([]);
    expect(play.take(say.answer('msg_2'), say.text('msg_2', 'All of it.', { time: { end: 9 } }))).toEqual([]);
  });

  test('closes approvals that were settled meanwhile, and asks new ones once', () => {
    const play = createPlay();
    play.prompt();
    play.take(say.user('msg_1'), say.answer('msg_2'), say.asks());
    const asked = { id: 'per_2', sessionID: 'ses_1', permission: 'bash', patterns: ['ls'], metadata: {}, always: [] };
    const now = { ...snapshot([]), permissions: [asked] };
    const reports = play.apply((state, context) => applySnapshot(state, now, context));
    expect(reports.map((report) => report.type)).toEqual(['approval.withdrawn', 'approval.requested']);
    expect(play.take(say.asks({ id: 'per_2' }), say.asks())).toEqual([]);
  });
});

test('how full the window is comes with what OpenCode offers when the answer was there before it', () => {
  const play = createPlay();
  play.prompt();
  const tokens = { input: 100, output: 10, reasoning: 0, cache: { read: 0, write: 0 } };
  const answer = { providerID: 'rehearsal', modelID: 'scripted', tokens };
  const [usage] = play.take(say.user('msg_1'), say.answer('msg_2'), say.done('msg_2', answer));
  expect(usage).toMatchObject({ type: 'usage.updated', usage: { inputTokens: 100 } });
  expect(usage).not.toHaveProperty('context');
  const offer = { ...play.state.offer, windows: { 'rehearsal/scripted': 1000 } };
  expect(play.apply((state, context) => runStep(state, context, (step) => applyOffer(step, offer)))).toMatchObject([
    { type: 'agent.ready' },
    { type: 'usage.updated', usage: { inputTokens: 100 }, context: { used: 110, size: 1000 } },
  ]);
});

describe('a turn that OpenCode is found not to work on', () => {
  const idle = (look: Partial<Look>, messages: Snapshot['messages'] = []) => {
    const seen = { messages, ...IDLE, look: { hadBegun: false, hasWaited: false, ...look } };
    return (state: OpencodeState, context: TranslateContext) => applySnapshot(state, seen, context);
  };
  const answer = {
    info: { id: 'msg_2', sessionID: 'ses_1', role: 'assistant' as const, time: { created: 2 }, cost: 0 },
  };

  test('is over when it had begun before', () => {
    const play = createPlay();
    play.prompt();
    play.take(say.user('msg_1'), say.answer('msg_2'));
    expect(play.apply(idle({ hadBegun: true }))).toMatchObject([{ type: 'turn.ended', outcome: 'completed' }]);
  });

  test('may have begun since: it is asked for again', () => {
    const play = createPlay();
    play.prompt();
    play.apply(idle({}, [{ ...answer, parts: [] }]));
    expect(isInDoubt(play.state)).toBe(true);
    expect(play.take(say.text('msg_2', 'Well.', { time: { end: 3 } }), say.done('msg_2'))).toMatchObject([
      { type: 'item.started' },
      { type: 'item.delta' },
      { type: 'item.ended' },
    ]);
    expect(play.take(say.idle())).toMatchObject([{ type: 'turn.ended', outcome: 'completed' }]);
  });

  test('has only just been given: it fails when it still is not begun after a while', () => {
    const play = createPlay();
    play.prompt();
    for (const look of [{}, { hasWaited: false }]) expect(play.apply(idle(look))).toEqual([]);
    expect(isInDoubt(play.state)).toBe(true);
    expect(play.apply(idle({ hasWaited: true }))).toMatchObject([
      { type: 'turn.ended', outcome: 'failed', error: { kind: 'agent-unresponsive' } },
    ]);
  });
});

test('an interrupt before OpenCode began is over when it has begun and ended that', () => {
  const play = createPlay();
  play.prompt();
  play.apply((state, context) => runStep(state, context, (step) => updateTurn(step, { isInterrupting: true })));
  const begins = (...events: unknown[]) => {
    const before = play.state;
    play.take(...events);
    return beginsInterrupted(before, play.state);
  };
  // Of the turn before, and of an abort that found nothing.
  expect(begins(say.busy(), say.idle())).toBe(false);
  expect(begins(say.user('msg_1'))).toBe(false);
  expect(begins(say.busy())).toBe(true);
  expect(begins(say.busy(), say.answer('msg_2'))).toBe(false);
  expect(play.take(say.done('msg_2'), say.idle())).toMatchObject([{ type: 'turn.ended', outcome: 'interrupted' }]);
});

describe('an approval', () => {
  test('that comes before its call is told shows the call', () => {
    const play = createPlay();
    play.prompt();
    play.take(say.user('msg_1'), say.answer('msg_2'), say.tool('msg_2', 'bash', { status: 'pending' }));
    const tool = { messageID: 'msg_2', callID: 'call_1' };
    const reports = play.take(say.asks({ metadata: { command: 'ls' }, tool }));
    expect(reports).toMatchObject([
      { type: 'item.started', itemId: 'itm_1', item: { title: 'ls', tool: 'bash' } },
      { type: 'approval.requested', itemId: 'itm_1', title: 'ls' },
    ]);
    expect(play.take(say.tool('msg_2', 'bash', { status: 'running', input: { command: 'ls' } }))).toEqual([]);
  });

  test('for a folder outside says which', () => {
    const play = createPlay();
    play.prompt();
    play.take(say.user('msg_1'), say.answer('msg_2'));
    expect(play.take(say.asks({ permission: 'external_directory', patterns: ['/etc/*'] }))).toMatchObject([
      { title: 'Work outside the folder: /etc/*', risk: { level: 'medium' } },
    ]);
  });
});

test('the mode that OpenCode changes to by itself is told; what was added before a change here tells of none', () => {
  const play = createPlay({ mode: 'build' });
  play.prompt('msg_1');
  play.take(say.user('msg_1', { agent: 'build' }));
  play.apply((state, context) =>
    runStep(state, context, (step) => {
      updateTurn(step, { steerIds: ['msg_2'] });
      update(step, { mode: 'plan' });
    }),
  );
  play.take(say.user('msg_2', { agent: 'build' }));
  expect(ofType(play.reports, 'session.configured')).toEqual([]);
  play.take(say.user('msg_3', { agent: 'build' }));
  expect(ofType(play.reports, 'session.configured')).toMatchObject([{ mode: 'build' }]);
});

test('an event that nobody knows is kept whole, and noise is not', () => {
  const play = createPlay();
  expect(play.take(event('session.dreamt', { sessionID: 'ses_1' }))).toMatchObject([{ type: 'raw.received' }]);
  expect(play.take(event('session.dreamt', { sessionID: 'ses_other' }), event('plugin.added', {}))).toEqual([]);
  expect(play.take(event('message.part.updated', { part: { sessionID: 'ses_1', type: 'hologram' } }))).toMatchObject([
    { type: 'raw.received', source: 'opencode' },
  ]);
});
