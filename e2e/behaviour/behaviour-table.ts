import type { AgentUnderTest } from '../harness/agents/agent-under-test.ts';
import { BEHAVIOURS, type BehaviourId } from './behaviour.ts';

/** `docs/agent-behaviours.md`: what is proven with which agent, and why some cannot have what others have. */
export function toBehaviourTable(agents: readonly AgentUnderTest[]): string {
  const ids = Object.keys(BEHAVIOURS).filter((id): id is BehaviourId => id in BEHAVIOURS);
  const notes: string[] = [];
  const rows = ids.map((id) => {
    const cells = agents.map((agent) => toCell(agent.lacks[id], notes));
    return `| ${BEHAVIOURS[id]} | ${cells.join(' | ')} |`;
  });
  return [
    '# What every agent can do',
    '',
    'Each ✓ is a test that runs with every `npm test`: the real program, through the whole server and over the wire, against a',
    'scripted model. A number says why an agent cannot have it. This file is written by `e2e/behaviour/behaviour-table.test.ts`',
    '(`vitest run e2e/behaviour/behaviour-table.test.ts -u`); never edit it by hand.',
    '',
    `| Behaviour | ${agents.map(({ name }) => name).join(' | ')} |`,
    `| --- | ${agents.map(() => ':-:').join(' | ')} |`,
    ...rows,
    '',
    ...notes.map((note, index) => `${index + 1}. ${note}`),
    '',
  ].join('\n');
}

function toCell(reason: string | undefined, notes: string[]): string {
  if (reason === undefined) return '✓';
  const known = notes.indexOf(reason);
  return String(known === -1 ? notes.push(reason) : known + 1);
}
