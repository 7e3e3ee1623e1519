import type { EventOf, SessionEvent } from '@baton/protocol';

/** Reads a log event by event and notes what breaks an invariant. Knows nothing of `evolve`, which it is there to check. */
export class LogAuditor {
  readonly faults: string[] = [];
  readonly #known = new Set<string>();
  /** Turns that were taken back into the queue, which none is twice. */
  readonly #requeued = new Set<string>();
  /** Whether anything began in the running turn. */
  #isUntouched = false;
  readonly #open = new Set<string>();
  readonly #options = new Map<string, string[]>();
  #queue: string[] = [];
  #running: string | undefined;
  #agent: 'none' | 'requested' | 'started' = 'none';
  /** Index of the last event that happened elsewhere, without an agent of this session. */
  #inheritedUntil = 0;
  #isInherited = false;

  get open(): ReadonlySet<string> {
    return this.#open;
  }

  get queue(): readonly string[] {
    return this.#queue;
  }

  get running(): string | undefined {
    return this.#running;
  }

  take(event: SessionEvent, index: number): void {
    if ((event.type === 'session.created') !== (index === 0)) this.#fault('I1', `${event.type} is event ${index + 1}`);
    if (event.type === 'session.created') this.#inheritedUntil = index + (event.inherited ?? 0);
    if (event.type === 'session.continued') this.#inheritedUntil = index + event.events;
    this.#isInherited = index <= this.#inheritedUntil;
    this.#takeTurn(event);
    this.#takePart(event);
    this.#takeAgent(event);
  }

  #fault(number: string, what: string): void {
    this.faults.push(`${number}: ${what}`);
  }

  #takeTurn(event: SessionEvent): void {
    if (event.type === 'turn.started') this.#startTurn(event.turnId);
    if (event.type === 'turn.ended') this.#endTurn(event.turnId, event.durationMs);
    if (event.type === 'turn.queued') this.#queue.push(event.turnId);
    if (event.type === 'turn.requeued') this.#requeueTurn(event.turnId);
    if (event.type === 'turn.unqueued') {
      if (!this.#queue.includes(event.turnId)) this.#fault('I4', `${event.turnId} unqueued without waiting`);
      this.#queue = this.#queue.filter((each) => each !== event.turnId);
    }
  }

  #startTurn(turnId: string): void {
    const [first] = this.#queue;
    if (this.#known.has(turnId)) this.#fault('I2', `${turnId} started twice`);
    if (this.#running !== undefined) this.#fault('I3', `${turnId} started while ${this.#running} ran`);
    if (this.#queue.includes(turnId) && first !== turnId) this.#fault('I4', `${turnId} overtook ${first}`);
    if (this.#agent === 'none' && !this.#isInherited) this.#fault('I9', `${turnId} started without an agent`);
    this.#queue = this.#queue.filter((each) => each !== turnId);
    this.#known.add(turnId);
    this.#running = turnId;
    this.#isUntouched = true;
  }

  #requeueTurn(turnId: string): void {
    if (this.#running !== turnId) this.#fault('I2', `${turnId} requeued without running`);
    if (this.#requeued.has(turnId)) this.#fault('I2', `${turnId} requeued twice`);
    if (!this.#isUntouched) this.#fault('I5', `${turnId} requeued after something began in it`);
    this.#requeued.add(turnId);
    this.#known.delete(turnId);
    this.#queue = [turnId, ...this.#queue];
    this.#running = undefined;
  }

  #endTurn(turnId: string, durationMs: number): void {
    if (this.#running !== turnId) this.#fault('I2', `${turnId} ended without running`);
    if (durationMs < 0) this.#fault('I13', `${turnId} took ${durationMs} ms`);
    for (const id of this.#open) this.#fault('I5', `${id} was still open when ${turnId} ended`);
    this.#running = undefined;
  }

  #takePart(event: SessionEvent): void {
    switch (event.type) {
      case 'item.started':
        return this.#begin('I5', event.itemId);
      case 'item.ended':
        return this.#finish('I5', event.itemId);
      case 'approval.requested':
        this.#begin('I6', event.approvalId);
        this.#options.set(
          event.approvalId,
          event.options.map((each) => each.id),
        );
        return;
      case 'approval.answered':
        this.#finish('I6', event.approvalId);
        return this.#checkOption(event);
      case 'approval.withdrawn':
        return this.#finish('I6', event.approvalId);
      case 'question.asked':
        return this.#begin('I7', event.questionId);
      case 'question.answered':
      case 'question.withdrawn':
        return this.#finish('I7', event.questionId);
      default:
        return;
    }
  }

  #begin(number: string, id: string): void {
    if (this.#running === undefined) this.#fault(number, `${id} started outside a turn`);
    if (this.#known.has(id)) this.#fault(number, `${id} started twice`);
    this.#isUntouched = false;
    this.#known.add(id);
    this.#open.add(id);
  }

  #finish(number: string, id: string): void {
    if (!this.#open.delete(id)) this.#fault(number, `${id} ended without being open`);
  }

  #checkOption({ approvalId, option }: EventOf<'approval.answered'>): void {
    if (this.#options.get(approvalId)?.includes(option)) return;
    this.#fault('I8', `${approvalId} was answered with "${option}"`);
  }

  #takeAgent(event: SessionEvent): void {
    if (event.type === 'session.start-requested' && this.#agent === 'none') this.#agent = 'requested';
    if (event.type === 'agent.started') {
      if (this.#agent !== 'requested') this.#fault('I10', 'agent.started without a request');
      this.#agent = 'started';
    }
    if (event.type === 'agent.exited') {
      if (this.#agent === 'none') this.#fault('I10', 'agent.exited without an agent');
      if (this.#running !== undefined) this.#fault('I9', `the agent exited while ${this.#running} ran`);
      this.#agent = 'none';
    }
  }
}
