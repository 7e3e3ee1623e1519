import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { buildCommand } from './build-command.ts';
import { buildWeb } from './build-web.ts';
import { ROOT } from './root.ts';
import { OUTPUT, toSourceStamp, writeSourceStamp, type Part } from './source-stamp.mjs';

const BUILDERS: Record<Part, (output: string) => Promise<void>> = { web: buildWeb, command: buildCommand };
const TITLES: Record<Part, string> = { web: 'the web app', command: 'the baton command' };

/** Builds parts of the publishable folder `dist/baton`, each replaced whole. */
export async function buildParts(parts: readonly Part[]): Promise<void> {
  const output = join(ROOT, OUTPUT);
  await mkdir(output, { recursive: true });
  await Promise.all(parts.map((part) => buildPart(part, output)));
}

async function buildPart(part: Part, output: string): Promise<void> {
  const started = performance.now();
  const stamp = toSourceStamp(ROOT, part);
  await BUILDERS[part](output);
  writeSourceStamp(ROOT, part, stamp);
  console.log(`Built ${TITLES[part]} in ${((performance.now() - started) / 1000).toFixed(1)} s.`);
}
