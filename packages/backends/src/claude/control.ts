import { randomUUID } from 'node:crypto';
import type { Clock } from '@baton/core';
import { AppError, type EventOf } from '@baton/protocol';
import type { ControlRequest } from './wire.ts';

export interface ControlResponse {
  subtype: string;
  request_id: string;
  response?: unknown;
  error?: string | undefined;
}

/** Requests to the agent and answers to its own, over lines of JSON. */
export interface ControlChannel {
  /**
   * Resolves with the agent's answer. Rejects with `agent-unresponsive` after `timeoutMs`, `capability-missing` when the
   * agent refuses, or the reason given to `close`.
   */
  request(subtype: string, fields: Readonly<Record<string, unknown>>, timeoutMs: number): Promise<unknown>;
  reply(requestId: string, response: unknown): Promise<void>;
  refuse(requestId: string, reason: string): Promise<void>;
  /** Takes an answer; one to a request that is not ours (the CLI can echo our own answers) is left alone. */
  settle(response: ControlResponse): void;
  close(reason: AppError): void;
}

interface Waiting {
  resolve(response: unknown): void;
  reject(reason: AppError): void;
}

export function createControlChannel(options: { write(line: unknown): Promise<void>; clock: Clock }): ControlChannel {
  const waiting = new Map<string, Waiting>();

  async function request(subtype: string, fields: Readonly<Record<string, unknown>>, timeoutMs: number) {
    const requestId = randomUUID();
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    waiting.set(requestId, { resolve, reject });
    const cancel = options.clock.after(timeoutMs, () => {
      const seconds = Math.round(timeoutMs / 1000);
      reject(new AppError('agent-unresponsive', `Claude Code did not answer "${subtype}" within ${seconds} s`));
    });
    try {
      await options.write({ type: 'control_request', request_id: requestId, request: { ...fields, subtype } });
      return await promise;
    } finally {
      cancel();
      waiting.delete(requestId);
      // A reason nobody waits for any more, because the write failed first.
      promise.catch(() => {});
    }
  }

  function settle(response: ControlResponse): void {
    const asked = waiting.get(response.request_id);
    if (asked === undefined) return;
    if (response.subtype === 'success') asked.resolve(response.response);
    else
      asked.reject(new AppError('capability-missing', `Claude Code refused: ${response.error ?? 'it gave no reason'}`));
  }

  return {
    request,
    settle,
    reply: (requestId, response) =>
      options.write({ type: 'control_response', response: { subtype: 'success', request_id: requestId, response } }),
    refuse: (requestId, error) =>
      options.write({ type: 'control_response', response: { subtype: 'error', request_id: requestId, error } }),
    close(reason) {
      for (const asked of waiting.values()) asked.reject(reason);
      waiting.clear();
    },
  };
}

/** Says no to a request of the agent that Baton has no form for, so that an MCP server does not wait for ever. */
export function decline(channel: ControlChannel, request: ControlRequest): EventOf<'notice.raised'> {
  const { requestId, subtype } = request;
  const sent =
    subtype === 'elicitation'
      ? channel.reply(requestId, { action: 'decline' })
      : channel.refuse(requestId, `Baton does not answer "${subtype}"`);
  sent.catch(() => {});
  const text = `Claude Code asked for "${subtype}", which Baton declined.`;
  return { type: 'notice.raised', level: 'info', text };
}
