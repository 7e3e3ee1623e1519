import type { EventOf } from '@baton/protocol';
import { Circle, CircleCheck, CircleDot } from 'lucide-react';
import { cx } from '../../ui/cx.ts';

type Entry = EventOf<'plan.updated'>['entries'][number];

const GLYPHS = {
  pending: { Icon: Circle, colour: 'text-ink-3', word: 'To do' },
  'in-progress': { Icon: CircleDot, colour: 'text-accent', word: 'Now' },
  completed: { Icon: CircleCheck, colour: 'text-ink-3', word: 'Done' },
} as const;

/** The agent's plan as a checklist. */
export function PlanList({ entries }: { entries: readonly Entry[] }) {
  return (
    <ol className="flex flex-col gap-1 text-sm">
      {entries.map((entry, index) => {
        const { Icon, colour, word } = GLYPHS[entry.status];
        return (
          <li key={index} className="flex items-start gap-2">
            <Icon size={16} strokeWidth={1.75} role="img" aria-label={word} className={cx('mt-px shrink-0', colour)} />
            <span
              className={cx(
                'min-w-0',
                entry.status === 'completed' && 'text-ink-3 line-through decoration-ink-3/50',
                entry.status === 'in-progress' && 'font-medium text-ink',
                entry.status === 'pending' && 'text-ink-2',
              )}
            >
              {entry.title}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
