import { z } from 'zod';
import { sessionIdSchema } from './id.ts';

/** A session's agent with every process that came of it. */
export const agentUsageSchema = z.object({
  /** Absent for one that waits, ready, for a session to come. */
  sessionId: sessionIdSchema.optional(),
  title: z.string(),
  backend: z.string().optional(),
  /** Living processes; 0 where the system does not tell. */
  processes: z.int(),
  rssBytes: z.number(),
  /** Of one core, since the measurement before; absent at the first one. */
  cpuPercent: z.number().optional(),
});
export type AgentUsage = z.infer<typeof agentUsageSchema>;

/** One process that holds agents, which outlive the server. */
const runnerSchema = z.object({
  pid: z.int(),
  /** 0 where the system does not tell. */
  rssBytes: z.number(),
  /** Agents it holds. */
  agents: z.int(),
});

const runnerStatusSchema = z.object({
  /**
   * `ready`: new agents start in it. `silent`: it does not answer, and is ended if that goes on. `down`: there is none; the
   * next agent starts it.
   */
  state: z.enum(['ready', 'silent', 'starting', 'down']),
  current: runnerSchema.optional(),
  /** Of an earlier build or other settings: each ends with its last agent. */
  earlier: z.array(runnerSchema),
});

/** The server's own state at one moment. Numbers and names of sessions: no prompts, no output, no environment. */
export const serverStatusSchema = z.object({
  /** When it was measured. */
  at: z.iso.datetime(),
  uptimeMs: z.number(),
  process: z.object({
    pid: z.int(),
    rssBytes: z.number(),
    heapBytes: z.number(),
    /** Of one core, since the measurement before; absent at the first one. */
    cpuPercent: z.number().optional(),
  }),
  /** Absent: agents run in the server's own process. */
  runner: runnerStatusSchema.optional(),
  /** How late the event loop was, over the last one to two minutes, in milliseconds. */
  eventLoop: z.object({ p50Ms: z.number(), p99Ms: z.number(), maxMs: z.number() }),
  sessions: z.object({
    total: z.int(),
    archived: z.int(),
    /** With a living agent. */
    live: z.int(),
    running: z.int(),
    /** Waiting for a person. */
    waiting: z.int(),
  }),
  /** Turns that wait for the one before them, over all sessions. */
  queuedTurns: z.int(),
  /** Largest memory first. */
  agents: z.array(agentUsageSchema),
  connections: z.object({ sockets: z.int(), streams: z.int(), subscriptions: z.int() }),
  store: z.object({
    /** Whether the last write reached the disk. */
    writable: z.boolean(),
    events: z.number(),
    commits: z.number(),
    lastCommitMs: z.number(),
    /** Writes that wait for the next commit. */
    queued: z.number(),
    faults: z.number(),
    /** Of the database, its log of the last commits included. */
    bytes: z.number(),
    /** Of those, what deleted things left and new ones will take. */
    freeBytes: z.number(),
  }),
  /** Of the disk that holds the data folder; absent where the system does not tell. */
  disk: z.object({ freeBytes: z.number(), totalBytes: z.number() }).optional(),
});
export type ServerStatus = z.infer<typeof serverStatusSchema>;
