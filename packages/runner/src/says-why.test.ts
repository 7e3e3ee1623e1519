import { expect, test } from 'vitest';
import { saysWhy } from './says-why.ts';

const GIVEN_UP = `node:internal/modules/cjs/loader:1564
  throw err;
  ^

Error: Cannot find module '/opt/agent/cli.js'
Require stack:
- /opt/agent/main.js
    at Module._resolveFilename (node:internal/modules/cjs/loader:1561:15)
    at node:internal/main/run_main_module:33:47 {
  code: 'MODULE_NOT_FOUND',
  requireStack: []
}

Node.js v24.21.0`;

test('of what Node says when it gives up only the reason', () => {
  expect(GIVEN_UP.split('\n').filter((line) => line !== '' && saysWhy(line))).toEqual([
    "Error: Cannot find module '/opt/agent/cli.js'",
  ]);
});

test('whatever else a program says', () => {
  const lines = [
    'cannot find my settings',
    'at least one key is needed',
    'Error at line 3: throw away the file',
    '/etc/agent.toml:3: unknown key',
    'ModuleNotFoundError: No module named "agent"',
    'code: 401',
  ];
  expect(lines.filter(saysWhy)).toEqual(lines);
});
