import { z } from 'zod';

/** Every id is `<prefix>_<suffix>`. Ids minted by Baton are TypeIDs (UUIDv7 in base32), so they sort by time. */
export const ID_PREFIXES = {
  session: 'ses',
  turn: 'trn',
  item: 'itm',
  approval: 'apr',
  question: 'qst',
  checkpoint: 'chk',
  task: 'tsk',
  found: 'fnd',
  command: 'cmd',
  server: 'srv',
  browser: 'brw',
} as const;

export type IdKind = keyof typeof ID_PREFIXES;

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

function idSchema<K extends IdKind>(kind: K) {
  const prefix = ID_PREFIXES[kind];
  return z
    .string()
    .regex(new RegExp(`^${prefix}_[0-9A-Za-z_-]{1,64}$`), `Expected an id like "${prefix}_01h455vb4pex5vsknk084sn02q"`)
    .brand<K>();
}

export const sessionIdSchema = idSchema('session');
export type SessionId = z.infer<typeof sessionIdSchema>;
export const turnIdSchema = idSchema('turn');
export type TurnId = z.infer<typeof turnIdSchema>;
export const itemIdSchema = idSchema('item');
export type ItemId = z.infer<typeof itemIdSchema>;
export const approvalIdSchema = idSchema('approval');
export type ApprovalId = z.infer<typeof approvalIdSchema>;
export const questionIdSchema = idSchema('question');
export type QuestionId = z.infer<typeof questionIdSchema>;
export const checkpointIdSchema = idSchema('checkpoint');
export type CheckpointId = z.infer<typeof checkpointIdSchema>;
export const taskIdSchema = idSchema('task');
export type TaskId = z.infer<typeof taskIdSchema>;
export const foundIdSchema = idSchema('found');
export type FoundId = z.infer<typeof foundIdSchema>;
/** Minted by the client; any printable string will do, because only equality matters. */
export const commandIdSchema = z.string().min(1).max(128);
export type CommandId = z.infer<typeof commandIdSchema>;

type IdByKind = {
  session: SessionId;
  turn: TurnId;
  item: ItemId;
  approval: ApprovalId;
  question: QuestionId;
  checkpoint: CheckpointId;
  task: TaskId;
  found: FoundId;
};
type IdOf<K extends IdKind> = K extends keyof IdByKind ? IdByKind[K] : string;

/** A fresh TypeID: 48 bits of milliseconds, then 74 random bits, 26 base32 letters. Impure: call it at the edge only. */
export function createId<K extends IdKind>(kind: K): IdOf<K> {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const now = Date.now();
  for (let index = 0; index < 6; index += 1) bytes[index] = Math.floor(now / 2 ** (8 * (5 - index))) & 0xff;
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return `${ID_PREFIXES[kind]}_${toBase32(bytes)}` as IdOf<K>;
}

// TypeID's alphabet: the 128 bits are read as 130 with two leading zeros, five at a time.
function toBase32(bytes: Uint8Array): string {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  let text = '';
  for (let index = 0; index < 26; index += 1) {
    text = (ALPHABET[Number(value & 31n)] ?? '') + text;
    value >>= 5n;
  }
  return text;
}
