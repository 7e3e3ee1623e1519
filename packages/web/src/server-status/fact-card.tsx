import type { ReactNode } from 'react';

export interface FactCardProps {
  title: string;
  /** The one figure to see from afar. */
  figure: string;
  /** What the figure is of. */
  unit: string;
  facts: readonly (readonly [name: string, value: string])[];
  children?: ReactNode;
}

/** One part of the server: a figure, its course, and what else is known. */
export function FactCard({ title, figure, unit, facts, children }: FactCardProps) {
  return (
    <section aria-label={title} className="flex flex-col gap-2 rounded-lg border border-line bg-surface p-4">
      <h2 className="text-sm font-semibold">{title}</h2>
      <p className="tabular flex items-baseline gap-1.5">
        <span className="text-lg font-semibold">{figure}</span>
        <span className="text-sm text-ink-3">{unit}</span>
      </p>
      {children}
      <dl className="tabular mt-auto grid grid-cols-[1fr_auto] gap-x-4 gap-y-1 text-sm">
        {facts.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-ink-3">{name}</dt>
            <dd className="text-right text-ink-2">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
