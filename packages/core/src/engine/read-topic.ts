import type { SessionView, TopicFrame, TopicName } from '@baton/protocol';
import type { EventStore } from '../ports/event-store.ts';

const SNAPSHOT = 500;

/** What a topic looks like now, as one frame; notices are moments and have no past. */
export async function readTopic(
  store: EventStore,
  topic: TopicName,
  decorate: (view: SessionView) => SessionView,
): Promise<TopicFrame | undefined> {
  switch (topic) {
    case 'sessions': {
      const { items } = await store.listSessions({ limit: SNAPSHOT });
      return { type: 'topic', topic, data: { kind: 'snapshot', sessions: items.map(decorate) } };
    }
    case 'approvals': {
      const query = { state: 'pending' as const, limit: SNAPSHOT };
      const [approvals, questions] = await Promise.all([store.listApprovals(query), store.listQuestions(query)]);
      const data = { kind: 'snapshot' as const, approvals: approvals.items, questions: questions.items };
      return { type: 'topic', topic, data };
    }
    case 'notices':
      return undefined;
  }
}
