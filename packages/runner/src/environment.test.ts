import { expect, test } from 'vitest';
import { toEnvironment } from './environment.ts';

test('passes on what is common or listed and nothing else', () => {
  const from = {
    PATH: '/bin',
    LC_ALL: 'C',
    https_proxy: 'http://p',
    DATABASE_PASSWORD: 'x',
    CLAUDECODE: '1',
    EMPTY: undefined,
  };
  expect(toEnvironment({ from })).toEqual({ PATH: '/bin', LC_ALL: 'C', https_proxy: 'http://p' });
});

test('knows names and beginnings of names', () => {
  const from = { MY_KEY: 'k', AWS_REGION: 'eu', AWS_PROFILE: 'p', AWESOME: 'no' };
  expect(toEnvironment({ from, allow: ['MY_KEY', 'AWS_*'] })).toEqual({
    MY_KEY: 'k',
    AWS_REGION: 'eu',
    AWS_PROFILE: 'p',
  });
});

test('lets what the user set win', () => {
  expect(toEnvironment({ from: { PATH: '/bin' }, set: { PATH: '/mine', ANY: '1' } })).toEqual({
    PATH: '/mine',
    ANY: '1',
  });
});

test("never passes on Baton's own variables, whoever names them", () => {
  const from = { BATON_OWNER_KEY: 'secret', BATON_DATA: '/d' };
  expect(
    toEnvironment({ from, allow: ['BATON_*'], set: { BATON_OWNER_KEY: 'secret', BATON_SESSION: 'ses_other' } }),
  ).toEqual({});
});
