import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Measure } from './harness/measure.ts';

const WEB = join(import.meta.dirname, '..', 'dist', 'baton', 'web');
const SCRIPT = /<(?:script|link)[^>]+(?:src|href)="\/?(assets\/[^"]+\.js)"/g;

/** The script that a browser fetches before it shows the first page: what index.html names. */
export async function benchWebSize(): Promise<Measure[]> {
  const page = readFileSync(join(WEB, 'index.html'), 'utf8');
  const files = [...page.matchAll(SCRIPT)].map(([, file = '']) => file);
  if (files.length === 0) throw new Error('index.html names no script');
  const bytes = files.reduce((sum, file) => sum + gzipSync(readFileSync(join(WEB, file)), { level: 9 }).length, 0);
  return [{ name: 'script of the first load, gzip', value: bytes / 1000, unit: 'KB', target: { atMost: 200 } }];
}
