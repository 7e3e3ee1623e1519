import { z } from 'zod';
import { approvalAnswerCommandSchema } from './approval-answer.ts';
import { questionAnswerCommandSchema } from './question-answer.ts';
import { sessionArchiveCommandSchema } from './session-archive.ts';
import { sessionConfigureCommandSchema } from './session-configure.ts';
import { sessionCreateCommandSchema } from './session-create.ts';
import { sessionForkCommandSchema } from './session-fork.ts';
import { sessionRewindCommandSchema } from './session-rewind.ts';
import { sessionStartCommandSchema } from './session-start.ts';
import { sessionStopCommandSchema } from './session-stop.ts';
import { turnInterruptCommandSchema } from './turn-interrupt.ts';
import { turnStartCommandSchema } from './turn-start.ts';
import { turnSteerCommandSchema } from './turn-steer.ts';
import { turnUnqueueCommandSchema } from './turn-unqueue.ts';

/** All that a client may ask for. The same command id twice has one effect and the same receipt. */
export const commandSchema = z.discriminatedUnion('type', [
  sessionCreateCommandSchema,
  sessionConfigureCommandSchema,
  sessionStopCommandSchema,
  sessionStartCommandSchema,
  sessionArchiveCommandSchema,
  sessionForkCommandSchema,
  sessionRewindCommandSchema,
  turnStartCommandSchema,
  turnSteerCommandSchema,
  turnInterruptCommandSchema,
  turnUnqueueCommandSchema,
  approvalAnswerCommandSchema,
  questionAnswerCommandSchema,
]);
export type Command = z.infer<typeof commandSchema>;
/** A command before parsing: `input` may still be a plain string. */
export type CommandInput = z.input<typeof commandSchema>;
export type CommandOf<T extends Command['type']> = Extract<Command, { type: T }>;
