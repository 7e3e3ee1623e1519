import { appendFileSync } from 'node:fs';
export const tt = (w: string) =>
  appendFileSync('/tmp/t.log', `${(performance.timeOrigin + performance.now()).toFixed(2)} ${w}\n`);
