import { expect, test } from 'vitest';
import { findMissing, readPlatform } from './complete-lock.mjs';

test.for([
  ['@biomejs/cli-linux-arm64-musl', { os: ['linux'], cpu: ['arm64'], libc: ['musl'] }],
  ['@oxlint/binding-linux-x64-gnu', { os: ['linux'], cpu: ['x64'], libc: ['glibc'] }],
  ['@oxlint/binding-linux-arm-musleabihf', { os: ['linux'], cpu: ['arm'], libc: ['musl'] }],
  ['@oxlint-tsgolint/win32-x64', { os: ['win32'], cpu: ['x64'] }],
  ['@anthropic-ai/claude-code-darwin-arm64', { os: ['darwin'], cpu: ['arm64'] }],
  ['@rolldown/binding-wasm32-wasi', { cpu: ['wasm32'] }],
] as const)('%s is for %o', ([name, platform]) => {
  expect(readPlatform(name)).toEqual(platform);
});

test('a platform package that the lock lacks is found, beside its owner', () => {
  const lock = {
    packages: {
      'node_modules/tool': { version: '2.0.0', dev: true, optionalDependencies: { '@tool/linux-x64': '2.0.0' } },
      'node_modules/other/node_modules/tool': {
        version: '1.0.0',
        optionalDependencies: { '@tool/linux-x64': '1.0.0', '@tool/darwin-arm64': '1.0.0' },
      },
      'node_modules/@tool/linux-x64': { version: '2.0.0', optional: true },
    },
  };
  expect(findMissing(lock)).toEqual({
    'node_modules/other/node_modules/@tool/linux-x64': {
      ...{ version: '1.0.0', os: ['linux'], cpu: ['x64'] },
      optional: true,
    },
    'node_modules/other/node_modules/@tool/darwin-arm64': {
      ...{ version: '1.0.0', os: ['darwin'], cpu: ['arm64'] },
      optional: true,
    },
  });
});

test('ranges are not platform packages', () => {
  expect(
    findMissing({ packages: { 'node_modules/a': { version: '1.0.0', optionalDependencies: { b: '^1.0.0' } } } }),
  ).toEqual({});
});
