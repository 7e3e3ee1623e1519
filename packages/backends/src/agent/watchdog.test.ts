import { expect, test } from 'vitest';
import { createManualClock } from '@baton/testkit';
import { createWatchdog } from './watchdog.ts';

function setUp() {
  const clock = createManualClock();
  const heard: string[] = [];
  const silence = { isMeaningful: true };
  const watchdog = createWatchdog({
    clock,
    noticeMs: 100,
    hangMs: 500,
    isWaiting: () => silence.isMeaningful,
    onQuiet: (ms) => heard.push(`quiet ${ms}`),
    onHang: (ms) => heard.push(`hang ${ms}`),
  });
  watchdog.start();
  return { clock, heard, watchdog, silence };
}

test('tells of silence once, then of a hang, then nothing more', () => {
  const { clock, heard } = setUp();
  clock.advance(99);
  expect(heard).toEqual([]);
  clock.advance(5000);
  expect(heard).toEqual(['quiet 100', 'hang 500']);
});

test('begins again with every sign of life', () => {
  const { clock, heard, watchdog } = setUp();
  for (let times = 0; times < 20; times += 1) {
    clock.advance(90);
    watchdog.touch();
  }
  expect(heard).toEqual([]);
  clock.advance(200);
  watchdog.touch();
  clock.advance(490);
  expect(heard).toEqual(['quiet 100', 'quiet 100']);
});

test('does not count time in which a tool runs or a person is asked', () => {
  const { clock, heard, silence } = setUp();
  silence.isMeaningful = false;
  clock.advance(10_000);
  silence.isMeaningful = true;
  clock.advance(100);
  expect(heard.filter((text) => text.startsWith('hang'))).toEqual([]);
});

test('is silent when stopped', () => {
  const { clock, heard, watchdog } = setUp();
  watchdog.stop();
  clock.advance(10_000);
  expect(heard).toEqual([]);
});
