import { z } from 'zod';

/** Where the terminal of a sign-in is, as a WebSocket: `?backend=<id>&cols=&rows=`. */
export const TERMINAL_PATH = '/terminal';

const size = { cols: z.int().min(2).max(500), rows: z.int().min(2).max(200) };

/** What the page sends. Input goes to the program as it is and is kept nowhere. */
export const terminalUpSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('input'), data: z.string().max(64 * 1024) }),
  z.strictObject({ type: z.literal('resize'), ...size }),
]);
export type TerminalUp = z.infer<typeof terminalUpSchema>;

/** What the page gets: what the program writes, and in the end one of `exit` or `error`. */
export const terminalDownSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('output'), data: z.string() }),
  z.object({ type: z.literal('exit'), code: z.int() }),
  z.object({ type: z.literal('error'), message: z.string() }),
]);
export type TerminalDown = z.infer<typeof terminalDownSchema>;

export const terminalQuerySchema = z.object({
  backend: z.string().min(1).max(64),
  cols: z.coerce.number().pipe(size.cols).default(80),
  rows: z.coerce.number().pipe(size.rows).default(24),
});
