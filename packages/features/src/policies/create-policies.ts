import { createHash } from 'node:crypto';
import type { Engine, Feature, RecordStore } from '@baton/core';
import {
  AppError,
  type ApprovalRequest,
  type ApprovalView,
  type EventOf,
  policiesSchema,
  type PoliciesView,
  type PolicyRule,
  type RecordedEvent,
  type SessionId,
  type SessionView,
} from '@baton/protocol';
import { answerByPolicy } from './answer-by-policy.ts';
import { decidePolicy, type Verdict } from './match/decide-policy.ts';
import { type Asked, readFacts } from './read-facts.ts';

export type PolicyRoutes = 'getPolicies' | 'putPolicies' | 'simulatePolicies';

export interface PolicyParts {
  engine: Engine;
  records: RecordStore;
  onFault(error: unknown): void;
}

const COLLECTION = 'policies';
const ID = 'rules';

/** Rules that answer approvals. They are read from the records each time they are needed, so what was put is what holds. */
export function createPolicies({ engine, records, onFault }: PolicyParts): Feature<PolicyRoutes> {
  async function readRules(): Promise<readonly PolicyRule[]> {
    const stored = await records.read(COLLECTION, ID);
    return stored === undefined ? [] : policiesSchema.parse(stored).rules;
  }

  // What one writer has read is still there when it writes.
  let writing: Promise<unknown> = Promise.resolve();
  function oneByOne<T>(write: () => Promise<T>): Promise<T> {
    const written = writing.then(write);
    writing = written.catch(() => undefined);
    return written;
  }

  // Whatever fails here leaves the approval to a person.
  async function judge(
    request: ApprovalRequest,
    { backend, cwd }: Pick<SessionView, 'backend' | 'cwd'>,
  ): Promise<void> {
    const rules = await readRules();
    if (rules.length === 0) return;
    const verdict = decidePolicy(rules, await readFacts({ ...toAsked(request), backend, cwd }));
    await answerByPolicy(engine, request, { verdict, rule: rules.find(({ id }) => id === verdict.ruleId) });
  }

  function hear(recorded: readonly RecordedEvent[], view: SessionView): void {
    // What a fork or an import took over was decided long ago.
    if (recorded[0]?.seq === 1 && recorded.some(({ event }) => event.type === 'turn.ended')) return;
    for (const { event } of recorded) if (event.type === 'approval.requested') judge(event, view).catch(onFault);
  }

  const unsubscribe = engine.onRecorded(hear);
  return {
    id: 'policies',
    handlers: {
      getPolicies: async () => toPoliciesView(await readRules()),
      putPolicies: ({ body: { rules, revision } }) =>
        oneByOne(async () => {
          if (revision !== undefined && revision !== toPoliciesView(await readRules()).revision) throw toChanged();
          await records.put(COLLECTION, [{ id: ID, value: { rules } }]);
          return toPoliciesView(rules);
        }),
      async simulatePolicies({ body }) {
        const rules = body.rules ?? (await readRules());
        if (body.action === undefined) return { items: await simulateLast(engine, rules, body.limit) };
        const verdict = decidePolicy(rules, await readFacts(body.action));
        return { items: [{ title: body.action.tool, ...verdict }] };
      },
    },
    async stop() {
      unsubscribe();
    },
  };
}

function toPoliciesView(rules: readonly PolicyRule[]): PoliciesView {
  const revision = createHash('sha256').update(JSON.stringify(rules)).digest('base64url').slice(0, 22);
  return { rules: [...rules], revision };
}

function toChanged(): AppError {
  return new AppError(
    'conflict',
    'The rules were changed by somebody else since you read them, and were not replaced. Look at them again, then save yours',
  );
}

type SimulatedItem = Verdict & { approvalId: ApprovalView['id']; title: string; answered: string };

async function simulateLast(engine: Engine, rules: readonly PolicyRule[], limit: number): Promise<SimulatedItem[]> {
  const { items } = await engine.listApprovals({ limit });
  const places = new Map<SessionId, Promise<Pick<SessionView, 'backend' | 'cwd'> | undefined>>();
  const found = await Promise.all(
    items.map(async (view) => {
      const place = places.get(view.sessionId) ?? readPlace(engine, view.sessionId);
      places.set(view.sessionId, place);
      const known = await place;
      if (known === undefined) return undefined;
      const verdict = decidePolicy(rules, await readFacts({ ...toAsked(view), ...known }));
      return { approvalId: view.id, title: view.title, ...verdict, answered: toAnswered(view) };
    }),
  );
  return found.filter((item) => item !== undefined);
}

async function readPlace(engine: Engine, sessionId: SessionId) {
  const { events } = await engine.readEvents(sessionId, { after: 0, limit: 1 });
  const created = events[0]?.event;
  return created?.type === 'session.created' ? { backend: created.backend, cwd: created.cwd } : undefined;
}

function toAsked({
  action,
  risk,
}: Pick<EventOf<'approval.requested'>, 'action' | 'risk'>): Omit<Asked, 'backend' | 'cwd'> {
  return { ...action, input: action.input, risk: risk?.level };
}

function toAnswered({ state, option, options }: ApprovalView): string {
  return state === 'answered' ? (options.find(({ id }) => id === option)?.kind ?? 'answered') : state;
}
