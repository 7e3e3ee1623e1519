import { createManualClock } from '@baton/testkit';
import { expect, test } from 'vitest';
import { say } from './__fixtures__/play.ts';
import { abortWhenBegun } from './abort-when-begun.ts';
import type { OpencodeServer, ServerEars } from './server.ts';
import { BOUNDS } from './settings.ts';

function watch() {
  const clock = createManualClock();
  const sent: string[] = [];
  const ears = new Set<ServerEars>();
  const server: Pick<OpencodeServer, 'api' | 'listen'> = {
    api: {
      read: () => Promise.reject(new Error('Nothing is read')),
      send: async (path) => void sent.push(path),
      openEvents: () => Promise.reject(new Error('Nobody listens')),
    },
    listen(one) {
      ears.add(one);
      return () => ears.delete(one);
    },
  };
  const end = abortWhenBegun({ server, nativeId: 'ses_1', folder: '/' }, { clock, bounds: BOUNDS });
  const tell = (payload: unknown): void => {
    for (const one of ears) void one.onEvent({ directory: '/', payload });
  };
  const cut = (): void => {
    for (const one of ears) one.onGap();
  };
  return { clock, sent, tell, cut, end };
}

test('what begins after its session has gone is aborted, and nothing else is', () => {
  const { sent, tell } = watch();
  tell(say.user('msg_1'));
  tell(say.idle());
  tell({ type: 'session.status', properties: { sessionID: 'ses_2', status: { type: 'busy' } } });
  expect(sent).toEqual([]);
  tell(say.busy());
  expect(sent).toEqual(['/session/ses_1/abort']);
});

test('what may have begun while nothing was heard is aborted', () => {
  const { sent, cut } = watch();
  cut();
  expect(sent).toEqual(['/session/ses_1/abort']);
});

test('not after the time that a folder may take, nor when somebody goes on with it', () => {
  const late = watch();
  late.clock.advance(BOUNDS.readyMs);
  late.tell(say.busy());
  expect(late.sent).toEqual([]);
  const wanted = watch();
  wanted.end();
  wanted.tell(say.busy());
  expect(wanted.sent).toEqual([]);
});
