import type { PolicyRule } from '@baton/protocol';
import { useState } from 'react';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { SpinnerAfter } from '../ui/spinner-after.tsx';
import { EffectIcon } from './rule-sentence.tsx';
import { toDisagreement, toSimulationWords, VERDICTS } from './simulation-words.ts';
import { useSimulation, type SimulatedItem } from './use-policies.ts';

const FIRST = 8;

/** What rules would have done with the last approvals, before they are saved. */
export function Simulation({ rules }: { rules: readonly PolicyRule[] }) {
  const { data, error } = useSimulation(rules);
  const [all, setAll] = useState(false);
  if (data === undefined) {
    return error === null ? (
      <SpinnerAfter what="Trying the rules" className="flex items-center gap-2 text-sm text-ink-3" />
    ) : (
      <p role="alert" className="text-sm text-failed">
        {error.message}
      </p>
    );
  }
  const places = new Map(rules.map(({ id }, index) => [id, index + 1]));
  const shown = all ? data : data.slice(0, FIRST);
  return (
    <>
      <p role="status" className="text-sm text-ink-2">
        {toSimulationWords(data)}
      </p>
      {shown.length > 0 && (
        <ul className="mt-2 flex flex-col divide-y divide-line">
          {shown.map((item, index) => (
            <SimulatedEntry key={item.approvalId ?? index} item={item} place={places.get(item.ruleId ?? '')} />
          ))}
        </ul>
      )}
      {shown.length < data.length && (
        <Button size="sm" variant="quiet" onClick={() => setAll(true)} className="mt-1 -ml-2">
          Show {data.length - shown.length} more
        </Button>
      )}
    </>
  );
}

function SimulatedEntry({ item, place }: { item: SimulatedItem; place: number | undefined }) {
  const disagreement = toDisagreement(item);
  return (
    <li className="flex items-start gap-2 py-1.5 text-sm">
      <EffectIcon effect={item.effect} />
      <code className="line-clamp-2 min-w-0 flex-1 self-center text-xs wrap-anywhere">{item.title}</code>
      <span className="flex shrink-0 flex-wrap justify-end gap-1.5 text-xs leading-5 text-ink-3">
        {disagreement !== undefined && <Badge tone="waiting">{disagreement}</Badge>}
        {VERDICTS[item.effect]}
        {place !== undefined && ` by rule ${place}`}
      </span>
    </li>
  );
}
