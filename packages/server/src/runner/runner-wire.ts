import type { AgentDescription, AgentReport, Draft, Effect } from '@baton/core';
import { type Failure, type RecordedEvent, sessionIdSchema, turnIdSchema } from '@baton/protocol';
import { z } from 'zod';

/**
 * What server and runner say to each other, one JSON text a line. Both are Baton, but one may be older than the other: a
 * change that the other could not follow gets a new number, and a server ends a runner of another number.
 */
export const RUNNER_PROTOCOL = 1;

const isTyped = (value: unknown) => typeof value === 'object' && value !== null && 'type' in value;
const isObject = (value: unknown) => typeof value === 'object' && value !== null;

// Written by Baton itself and let in by a token: the envelope is checked, what is in it was when it was made.
const effectSchema = z.custom<Effect>(isTyped);
const reportSchema = z.custom<AgentReport>(isTyped);
const descriptionSchema = z.custom<Omit<AgentDescription, 'history'>>(isObject);
const failureSchema = z.custom<Failure>(isObject);
const eventsSchema = z.custom<RecordedEvent[]>((value) => Array.isArray(value));
const draftsSchema = z.custom<Draft[]>((value) => Array.isArray(value));

const run = z.string();
const call = z.int();

/** Of the server. */
export const orderSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), token: z.string(), protocol: z.int() }),
  /** Begins a run; `seq` is the event that asks for it. */
  z.object({
    ...{ type: z.literal('start'), run, sessionId: sessionIdSchema, seq: z.int() },
    ...{ backend: z.string(), description: descriptionSchema },
  }),
  z.object({ type: z.literal('perform'), run, seq: z.int(), effect: effectSchema }),
  /** Asks for what a run said after this number, and for all it will say. */
  z.object({ type: z.literal('adopt'), run, after: z.int() }),
  /** What the run said up to this number need not be kept. */
  z.object({ type: z.literal('recorded'), run, number: z.int() }),
  /** The server is behind with this run: it is to say nothing until it is told again. */
  z.object({ type: z.literal('pause'), run, isPaused: z.boolean() }),
  z.object({ type: z.literal('fail'), run, failure: failureSchema }),
  /** Ends the run without another word of it; answered with `done`. */
  z.object({ type: z.literal('abandon'), run, call }),
  /** A part of the answer to `history`. */
  z.object({ type: z.literal('past'), call, events: eventsSchema, isLast: z.boolean() }),
  /** Asks for a sign of life. */
  z.object({ type: z.literal('ping') }),
  /** Ends all runs and the runner. */
  z.object({ type: z.literal('close') }),
]);

const survivorSchema = z.object({
  ...{ run, sessionId: sessionIdSchema, startedAfter: z.int(), askedUpTo: z.int(), takenDown: z.int() },
});

/** Of the runner. */
export const wordSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('welcome'), runs: z.array(survivorSchema) }),
  z.object({ type: z.literal('refused'), reason: z.string() }),
  /** What a run says, numbered from 1 without a gap that matters; `askedUpTo`: the last event it had been asked something for. */
  z.object({ type: z.literal('said'), run, number: z.int(), report: reportSchema, askedUpTo: z.int().optional() }),
  /** The run did not stop its turn in time. */
  z.object({ type: z.literal('restart'), run, number: z.int(), turnId: turnIdSchema }),
  /** First answer to `adopt`: the text of open items at that number. */
  z.object({ type: z.literal('drafts'), run, drafts: draftsSchema }),
  /** The agent wants to know what was said before. */
  z.object({ type: z.literal('history'), run, call }),
  z.object({ type: z.literal('done'), call }),
  z.object({ type: z.literal('pong') }),
]);

export type Order = z.infer<typeof orderSchema>;
export type Word = z.infer<typeof wordSchema>;
export type OrderOf<T extends Order['type']> = Extract<Order, { type: T }>;
