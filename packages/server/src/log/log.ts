import { join } from 'node:path';
import { pino, type Logger } from 'pino';
import type { LogLevel } from '../settings.ts';
import { openCappedFile } from './capped-file.ts';
import { createLineBudget } from './line-budget.ts';
import { redactLine, SECRET_PATHS } from './redact.ts';

export type LogFields = Readonly<Record<string, unknown>>;

/** Structured lines. Never gets prompts, outputs of agents or secrets; what looks like a secret is struck out all the same. */
export interface Log {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
  close(): void;
}

export interface LogOptions {
  dataDir: string;
  /** Of the file, without its ending; default `baton`. */
  name?: string;
  level: LogLevel;
  /** Values that must never be written, such as the owner key. */
  secrets: readonly string[];
  /** Where warnings and errors go beside the file. */
  stderr?: { write(text: string): unknown } | undefined;
  /** Milliseconds; default the system's clock. */
  now?: () => number;
}

const MAX_BYTES = 5 * 1024 * 1024;
const KEEP = 4;
const WARN = 40;
/** Warnings and errors of one kind. Who can make Baton complain must not fill a disk with it, or drown what matters. */
const LINES_PER_MINUTE = 20;

/** JSON lines in `<data>/logs/<name>.log`, at most 25 MB in five files; warnings and errors also on stderr, for people, 20 of a kind a minute. */
export function createLog(options: LogOptions): Log {
  const file = openCappedFile({
    path: join(options.dataDir, 'logs', `${options.name ?? 'baton'}.log`),
    maxBytes: MAX_BYTES,
    keep: KEEP,
  });
  // A short secret would strike out ordinary words.
  const secrets = options.secrets.filter((secret) => secret.length >= 8);
  const budget = createLineBudget({ perMinute: LINES_PER_MINUTE, now: options.now ?? Date.now });
  const logger = pino(
    {
      level: options.level,
      base: { pid: process.pid },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: SECRET_PATHS, censor: '[redacted]' },
      hooks: {
        logMethod(args, method, level) {
          if (level < WARN) return method.apply(this, args);
          const leftOut = budget.take(toKind(args));
          if (leftOut === undefined) return;
          const left = leftOut > 0 ? `baton: ${leftOut} more like the next were left out\n` : '';
          options.stderr?.write(left + redactLine(toPlainLine(args), secrets));
          method.apply(this, leftOut > 0 ? [{ ...toFields(args[0]), leftOut }, args[1]] : args);
        },
      },
    },
    { write: (line: string) => file.write(redactLine(line, secrets)) },
  );
  return { ...toLog(logger), close: () => file.close() };
}

function toLog(logger: Logger): Omit<Log, 'close'> {
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
  };
}

function toKind([fields, message]: readonly unknown[]): string {
  const { kind } = toFields(fields);
  return typeof kind === 'string' ? kind : String(message);
}

function toFields(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function toPlainLine(args: readonly unknown[]): string {
  const [fields, message] = args;
  const error = typeof fields === 'object' && fields !== null && 'err' in fields ? fields.err : undefined;
  const detail = error instanceof Error && error.message !== message ? `: ${error.message}` : '';
  return `baton: ${String(message)}${detail}\n`;
}

/** For parts that are used without a log, and for tests. */
export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  close: () => undefined,
};
