import type { TopicFrame } from '@baton/protocol';
import { createMemoryStore } from '@baton/store';
import { createManualClock, SESSION } from '@baton/testkit';
import { describe, expect, test } from 'vitest';
import { createTopics } from './topics.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));

function create() {
  const store = createMemoryStore();
  let reads = 0;
  const counting = {
    ...store,
    listSessions(query: Parameters<typeof store.listSessions>[0]) {
      reads += 1;
      return store.listSessions(query);
    },
  };
  const topics = createTopics({
    store: counting,
    clock: createManualClock(),
    decorate: (view) => view,
    onFault: (error) => {
      throw error;
    },
  });
  const watch = () => {
    const frames: TopicFrame[] = [];
    topics.watch('sessions', { send: (frame) => frames.push(frame) > 0 });
    return frames;
  };
  return { topics, watch, reads: () => reads };
}

describe('what lists look like', () => {
  test('is read once for all who come before the next change', async () => {
    const { topics, watch, reads } = create();
    const early = [watch(), watch()];
    await settled();
    const late = watch();
    await settled();
    expect(reads()).toBe(1);
    for (const frames of [...early, late]) expect(frames).toMatchObject([{ data: { kind: 'snapshot' } }]);
    topics.deleted(SESSION);
    const after = watch();
    await settled();
    expect(reads()).toBe(2);
    expect(after).toMatchObject([{ data: { kind: 'snapshot' } }]);
    expect(late).toMatchObject([{ data: { kind: 'snapshot' } }, { data: { kind: 'deleted' } }]);
  });

  test('what changes while it is read comes behind it, to all who wait for it', async () => {
    const { topics, watch } = create();
    const first = watch();
    const second = watch();
    topics.deleted(SESSION);
    await settled();
    for (const frames of [first, second]) {
      expect(frames).toMatchObject([{ data: { kind: 'snapshot' } }, { data: { kind: 'deleted' } }]);
    }
  });
});
