import { AppError, isAppError, parseJson } from '@baton/protocol';
import { z } from 'zod';

export interface ApiRequest {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  body?: unknown;
  /** The folder of the session; most routes answer for one folder only. */
  directory?: string | undefined;
  /** Default: the bound of the client. */
  timeoutMs?: number;
}

/** Whether a request may or may not have arrived: nobody answered it. */
export function isUnanswered(error: unknown): boolean {
  return isAppError(error) && error.kind === 'agent-unresponsive' && error.cause !== undefined;
}

const isTimeout = (cause: unknown): boolean => cause instanceof Error && cause.name === 'TimeoutError';

const MOST_TRIES = 3;

/**
 * Does it again where the connection broke, a few times. What took too long is not done again. `tries` counts from 1. Rejects
 * with the last reason.
 */
export async function insist<T>(work: (tries: number) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work(tries);
    } catch (error) {
      const isBroken = isAppError(error) && isUnanswered(error) && !isTimeout(error.cause);
      if (!isBroken || tries === MOST_TRIES) throw error;
    }
  }
}

/** One server's REST API. */
export interface OpencodeApi {
  /** Resolves with the checked answer. Rejects with an `AppError` that says what OpenCode refused and why. */
  read<T extends z.ZodType>(path: string, schema: T, request?: ApiRequest): Promise<z.infer<T>>;
  /** The same where the answer does not matter. */
  send(path: string, request: ApiRequest): Promise<void>;
  /** Opens the stream of events of all folders; ends with `signal`. */
  openEvents(signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
}

export interface ApiAddress {
  url: string;
  password: string;
  timeoutMs: number;
}

export function createApi({ url, password, timeoutMs }: ApiAddress): OpencodeApi {
  // OpenCode takes the same port again when it can, and what was kept open to the server before would break at its next use.
  const always = {
    authorization: `Basic ${Buffer.from(`opencode:${password}`).toString('base64')}`,
    connection: 'close',
  };

  async function call(path: string, request: ApiRequest): Promise<string> {
    const { method = 'GET', body, directory, timeoutMs: bound = timeoutMs } = request;
    const query = directory === undefined ? '' : `?directory=${encodeURIComponent(directory)}`;
    const response = await reach(path, () =>
      fetch(`${url}${path}${query}`, {
        method,
        headers: { ...always, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(Number.isFinite(bound) ? { signal: AbortSignal.timeout(bound) } : {}),
      }),
    );
    const text = await reach(path, () => response.text());
    if (response.ok) return text;
    throw toRefusal(`${method} ${path}`, response.status, text);
  }

  return {
    async read(path, schema, request = {}) {
      const text = await call(path, request);
      const parsed = parseJson(text);
      const checked = schema.safeParse(parsed.ok ? parsed.value : undefined);
      if (checked.success) return checked.data;
      throw new AppError(
        'agent-unresponsive',
        `OpenCode answered ${path} in a form that Baton does not know. Update Baton, or use OpenCode 1.18`,
      );
    },
    async send(path, request) {
      await call(path, { method: 'POST', ...request });
    },
    async openEvents(signal) {
      const response = await reach('/global/event', () => fetch(`${url}/global/event`, { headers: always, signal }));
      if (response.ok && response.body !== null) return response.body;
      throw toRefusal('GET /global/event', response.status, '');
    },
  };
}

async function reach<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const why = isTimeout(cause) ? 'it did not answer in time' : 'its server cannot be reached';
    throw new AppError(
      'agent-unresponsive',
      `OpenCode did not take ${path}: ${why}. Try again, or restart the session`,
      {},
      { cause },
    );
  }
}

function toRefusal(what: string, status: number, text: string): AppError {
  const parsed = parseJson(text);
  const reason = toReason(parsed.ok ? parsed.value : undefined, text);
  const kind =
    status === 404 ? 'not-found' : status === 409 ? 'conflict' : status < 500 ? 'invalid-input' : 'agent-unresponsive';
  return new AppError(kind, `OpenCode refused ${what} (${status})${reason === '' ? '' : `: ${reason}`}`);
}

const refusalSchema = z.object({ message: z.string().min(1) });

// Most refusals have words for people; of the others (an invalid configuration) all that is there.
function toReason(body: unknown, text: string): string {
  const inner = typeof body === 'object' && body !== null && 'data' in body ? body.data : body;
  const said = refusalSchema.safeParse(inner);
  return (said.success ? said.data.message : text).slice(0, 500);
}
