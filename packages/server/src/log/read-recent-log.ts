import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseJson } from '@baton/protocol';
import { z } from 'zod';

/** What of a line may leave the machine. Anything else that a line holds was not thought of, and stays. */
const lineSchema = z.object({
  level: z.string(),
  time: z.string(),
  msg: z.string(),
  kind: z.string().optional(),
  method: z.string().optional(),
  path: z.string().optional(),
  status: z.number().optional(),
  ms: z.number().optional(),
  version: z.string().optional(),
  err: z
    .object({ type: z.string().optional(), message: z.string().optional(), stack: z.string().optional() })
    .optional(),
});
export type LogLine = z.infer<typeof lineSchema>;

/** The last lines of a data folder's log, oldest first, with the fields that a diagnosis needs. Empty where there is no log. */
export async function readRecentLog(dataDir: string, count: number): Promise<LogLine[]> {
  const path = join(dataDir, 'logs', 'baton.log');
  // What was turned over a moment ago is as recent.
  const texts = await Promise.all([`${path}.1`, path].map((each) => readFile(each, 'utf8').catch(() => '')));
  const lines = texts.flatMap((text) => text.split('\n')).filter((line) => line !== '');
  return lines.slice(-count).flatMap((line) => {
    const json = parseJson(line);
    const parsed = lineSchema.safeParse(json.ok ? json.value : undefined);
    return parsed.success ? [parsed.data] : [];
  });
}
