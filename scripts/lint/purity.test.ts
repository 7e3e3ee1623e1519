import { RuleTester } from 'oxlint/plugins-dev';
import { describe, test } from 'vitest';
import { ROOT } from '../build/root.ts';
import { purity } from './purity.ts';

RuleTester.describe = describe;
RuleTester.it = test;

const PURE = `${ROOT}packages/core/src/session/sample.ts`;
const ENGINE = `${ROOT}packages/core/src/engine/sample.ts`;
const TEST = `${ROOT}packages/core/src/session/sample.test.ts`;

const bad = (code: string, errors = 1) => ({ code, filename: PURE, errors });

new RuleTester({ languageOptions: { parserOptions: { lang: 'ts' } } }).run('purity', purity, {
  valid: [
    {
      name: 'computing',
      code: 'export const f = (a: number) => Math.max(a, 1) + JSON.stringify([a]).length',
      filename: PURE,
    },
    {
      name: 'imports of the protocol and neighbours',
      code: `import { x } from '@baton/protocol'; import { y } from './y.ts'; x(y)`,
      filename: PURE,
    },
    {
      name: 'types that name a promise',
      code: 'export type F = () => Promise<Date>; export type N = typeof fetch',
      filename: PURE,
    },
    {
      name: 'own names that shadow',
      code: 'export function f(process: string, Date: number) { return process + Date }',
      filename: PURE,
    },
    {
      name: 'properties that are called so',
      code: 'export const f = (a: { process: 1; fetch: 2 }) => [a.process, a.fetch, { crypto: 1 }]',
      filename: PURE,
    },
    {
      name: 'the engine may wait',
      code: 'export async function f() { await g(Date.now()) } declare const g: unknown',
      filename: ENGINE,
    },
    {
      name: 'tests may do anything',
      code: `import { readFileSync } from 'node:fs'; readFileSync(String(Math.random()))`,
      filename: TEST,
    },
  ],
  invalid: [
    bad('export async function f() {}'),
    bad('export const f = async () => 1'),
    bad('export class A { async run() {} }'),
    bad('await 1'),
    bad('export const now = () => new Date()'),
    bad('export const now = () => Date.now()'),
    bad('export const dice = () => Math.random()'),
    bad('export const id = () => crypto.randomUUID()'),
    bad('export const env = () => process.env'),
    bad('export const g = () => globalThis'),
    bad('export const later = (f: () => void) => setTimeout(f, 1)'),
    bad('export const get = () => fetch("/")'),
    bad('export const p = () => Promise.resolve(1)'),
    bad('export const log = () => console.info(1)'),
    bad(`import { readFileSync } from 'node:fs'; export const f = () => readFileSync('x')`),
    bad(`import { z } from 'zod'; export const f = z`),
    bad(`export const f = () => import('./y.ts')`),
  ],
});
