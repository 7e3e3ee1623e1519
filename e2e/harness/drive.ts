import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import {
  type CommandInput,
  type EventOf,
  type InputPart,
  type SessionId,
  sessionViewSchema,
  type SessionView,
  type TurnId,
} from '@baton/protocol';
import type { AgentUnderTest } from './agents/agent-under-test.ts';
import type { BatonProcess } from './baton-process.ts';
import type { Peer } from './peer.ts';

/** One session of one agent, driven over the live socket in a folder of its own. */
export interface Drive {
  readonly id: SessionId;
  readonly cwd: string;
  readonly peer: Peer;
  prompt(input: string | InputPart[]): Promise<{ turnId: TurnId; state: string }>;
  turnEnded(turnId?: string): Promise<EventOf<'turn.ended'>>;
  /** The next open approval; answered with the first option of this kind. */
  answer(kind: 'allow-once' | 'allow-always' | 'deny-once', note?: string): Promise<EventOf<'approval.requested'>>;
  /** Allows whatever is asked, once each, until this is done. */
  allowUntil(done: Promise<unknown>): Promise<void>;
  run(command: { type: 'turn.interrupt' | 'session.stop' | 'session.start' }): Promise<unknown>;
  /** All text the agent said, in order. */
  said(): string;
  view(): Promise<SessionView>;
}

/** A server, and one connection to it. */
export interface Place {
  baton: BatonProcess;
  peer: Peer;
}

export interface DriveOptions {
  env: Record<string, string>;
  mode?: string;
  /** Without it the session starts without a turn. */
  prompt?: string;
}

/** Makes a session on the server that the peer is connected to, in a new folder below the server's root. */
export async function drive(
  place: Place,
  agent: Pick<AgentUnderTest, 'backend'>,
  options: DriveOptions,
): Promise<Drive> {
  const { baton, peer } = place;
  const cwd = mkdtempSync(join(baton.root, 'work-'));
  const create: CommandInput = {
    type: 'session.create',
    backend: agent.backend,
    cwd,
    env: options.env,
    ...(options.mode === undefined ? {} : { mode: options.mode }),
    ...(options.prompt === undefined ? {} : { prompt: options.prompt }),
  };
  const created = sessionViewSchema.parse(await peer.command(create));
  return take(place, created);
}

/** Drives a session that exists, for example one of an earlier life of the server. */
export function take({ baton, peer }: Place, { id, cwd }: { id: SessionId; cwd: string }): Drive {
  const answered = new Set<string>();
  peer.send({ type: 'subscribe', sessionId: id, after: 0 });

  async function answer(kind: 'allow-once' | 'allow-always' | 'deny-once', note?: string) {
    const request = await peer.event(id, 'approval.requested', (event) => !answered.has(event.approvalId));
    answered.add(request.approvalId);
    const option = request.options.find((each) => each.kind === kind);
    if (option === undefined) throw new Error(`no option of kind ${kind} among ${JSON.stringify(request.options)}`);
    await peer.command({
      type: 'approval.answer',
      approvalId: request.approvalId,
      option: option.id,
      ...(note === undefined ? {} : { note }),
    });
    return request;
  }

  async function allowUntil(done: Promise<unknown>): Promise<void> {
    let isDone = false;
    const finished = done.finally(() => {
      isDone = true;
    });
    while (!isDone) {
      const asked = answer('allow-once').catch((error: unknown) => {
        if (!isDone) throw error;
      });
      await Promise.race([asked, finished]);
    }
  }

  function said(): string {
    return peer
      .events(id)
      .flatMap(({ event }) =>
        event.type === 'item.ended' && event.item.type === 'agent-message' ? [event.item.text] : [],
      )
      .join('\n');
  }

  return {
    id,
    cwd,
    peer,
    answer,
    allowUntil,
    said,
    prompt: async (input) =>
      (await peer.command({ type: 'turn.start', sessionId: id, input })) as { turnId: TurnId; state: string },
    turnEnded: (turnId) => peer.event(id, 'turn.ended', (event) => turnId === undefined || event.turnId === turnId),
    run: (command) => peer.command({ ...command, sessionId: id }),
    view: async () => sessionViewSchema.parse((await baton.request('GET', `/sessions/${id}`)).body),
  };
}
