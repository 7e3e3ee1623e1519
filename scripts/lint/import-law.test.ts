import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { judgeImport } from './import-law.ts';
import { LAW } from './law.ts';
import { ROOT } from '../build/root.ts';
import { toPlace } from './place.ts';

function judge(path: string, source: string, isTypeOnly = false): string | undefined {
  return judgeImport(toPlace(`${ROOT}${path}`), source, isTypeOnly);
}

test('every package has a line in the law', () => {
  expect(Object.keys(LAW).toSorted()).toEqual(readdirSync(`${ROOT}packages`).toSorted());
});

test('the law has no way up and no cycle', () => {
  const reach = (name: string, seen: readonly string[]): void => {
    expect([...seen, name]).toEqual([...new Set([...seen, name])]);
    for (const next of LAW[name]?.imports ?? []) reach(next, [...seen, name]);
  };
  for (const name of Object.keys(LAW)) reach(name, []);
});

describe('allowed', () => {
  test.for([
    ['packages/core/src/session/decide.ts', '@baton/protocol'],
    ['packages/core/src/session/decide.ts', './state.ts'],
    ['packages/core/src/session/decide.ts', '../approval/inbox.ts'],
    ['packages/store/src/sqlite/append.ts', 'node:sqlite'],
    ['packages/store/src/sqlite/append.test.ts', '@baton/testkit'],
    ['packages/backends/src/claude/claude.agent.test.ts', '@baton/rehearsal'],
    ['packages/server/src/compose.ts', '@baton/store'],
    ['packages/server/src/serve.test.ts', '@baton/store'],
    ['packages/web/src/app.tsx', 'react'],
    ['packages/web/vite.config.ts', 'node:path'],
    ['e2e/claude.test.ts', '@baton/server'],
  ] as const)('%s imports %s', ([path, source]) => {
    expect(judge(path, source)).toBeUndefined();
  });

  test('types of an adapter package, which name no adapter', () => {
    expect(judge('packages/server/src/http/app.ts', '@baton/backends', true)).toBeUndefined();
  });
});

describe('refused', () => {
  test.for([
    ['packages/protocol/src/id.ts', '@baton/core', '"protocol" may import no other package, not "core"'],
    ['packages/store/src/sqlite/append.ts', '@baton/backends', '"store" may import core, protocol, not "backends"'],
    ['packages/web/src/app.tsx', '@baton/server', '"web" may import client, core, protocol, not "server"'],
    ['packages/core/src/engine/react.ts', '@baton/testkit', 'not "testkit"'],
    ['packages/core/src/engine/react.ts', '../../../store/src/index.ts', 'leaves the package'],
    ['packages/core/src/engine/react.test.ts', '../../../store/src/index.ts', 'leaves the package'],
    ['packages/core/src/engine/react.ts', '@baton/core', 'imports itself by name'],
    ['packages/server/src/http/app.ts', '@baton/store', 'Only the composition root (packages/server/src/compose.ts'],
    ['packages/server/src/http/app.ts', '@baton/backends', 'Only the composition root (packages/server/src/compose.ts'],
    ['packages/web/src/app.tsx', 'node:fs', 'no "node:fs" of Node'],
    ['packages/client/src/connection.ts', 'fs/promises', 'no "fs/promises" of Node'],
    ['packages/unheard/src/x.ts', 'zod', 'has no line in scripts/lint/law.ts'],
  ] as const)('%s imports %s', ([path, source, reason]) => {
    expect(judge(path, source)).toContain(reason);
  });

  test('even types may not climb', () => {
    expect(judge('packages/core/src/engine/react.ts', '@baton/server', true)).toContain('not "server"');
  });
});
