/** The same agents; those that share a title bear their id in it, so that each can be told from the others. Pure. */
export function withDistinctTitles<T extends { id: string; title: string }>(agents: readonly T[]): T[] {
  const counts = new Map<string, number>();
  for (const { title } of agents) counts.set(title, (counts.get(title) ?? 0) + 1);
  return agents.map((agent) =>
    (counts.get(agent.title) ?? 0) > 1 ? { ...agent, title: `${agent.title} (${agent.id})` } : agent,
  );
}
