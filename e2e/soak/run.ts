// All soaks, or those named on the command line, one after the other; then one table. Ends with code 1 at a broken promise.
import { parseArgs } from 'node:util';
import { toReport } from '../../bench/harness/report.ts';
import { soakCrash } from './crash.ts';
import { soakDelivery } from './delivery.ts';
import type { Figure, SoakOptions } from './soak.ts';
import { soakStop } from './stop.ts';
import { soakTime } from './time.ts';

interface Soak {
  run(options: SoakOptions): Promise<Figure[]>;
  /** Without \`--rounds\`: what is promised. */
  rounds: number;
}

const SOAKS: Readonly<Record<string, Soak>> = {
  delivery: { run: soakDelivery, rounds: 6000 },
  crash: { run: soakCrash, rounds: 500 },
  stop: { run: soakStop, rounds: 100 },
  time: { run: soakTime, rounds: 5000 },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string' }, minutes: { type: 'string' }, seed: { type: 'string' } },
});

function toNumber(text: string | undefined, fallback: number): number {
  const value = text === undefined ? fallback : Number(text);
  if (!Number.isFinite(value) || value < 0) throw new Error(`"${text}" is not a number`);
  return value;
}

const unknown = positionals.filter((name) => !(name in SOAKS));
if (unknown.length > 0) {
  console.error(`There is no soak "${unknown.join('", "')}"; there are: ${Object.keys(SOAKS).join(', ')}`);
  process.exit(1);
}

const seed = toNumber(values.seed, Date.now() % 1_000_000);
console.log(`Seed ${seed}: the same choices again with --seed ${seed}`);
let isKept = true;
for (const [name, soak] of Object.entries(SOAKS)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const rounds = toNumber(values.rounds, soak.rounds);
  const minutes = toNumber(values.minutes, 480);
  console.log(`\n${name}: at most ${rounds} rounds and ${minutes} minutes`);
  try {
    const figures = await soak.run({ rounds, minutes, seed, print: (line) => console.log(line) });
    isKept &&= figures.every(({ value, bound }) => bound === undefined || value <= bound);
    console.log(
      toReport(
        figures.map(({ bound, ...rest }) => (bound === undefined ? rest : { ...rest, target: { atMost: bound } })),
      ),
    );
  } catch (error) {
    isKept = false;
    console.error(`${name}: a promise was broken. ${String(error)}`);
  }
}
process.exit(isKept ? 0 : 1);
