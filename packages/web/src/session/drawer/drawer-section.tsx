import type { ReactNode } from 'react';

export interface DrawerSectionProps {
  title: string;
  /** A figure at the right of the title. */
  aside?: string | undefined;
  children: ReactNode;
}

export function DrawerSection({ title, aside, children }: DrawerSectionProps) {
  return (
    <section className="border-b border-line px-4 py-3.5 last:border-b-0">
      <h2 className="mb-2.5 flex items-baseline justify-between text-sm font-medium text-ink">
        {title}
        {aside !== undefined && <span className="tabular text-xs font-normal text-ink-3">{aside}</span>}
      </h2>
      {children}
    </section>
  );
}

/** Names and values in two columns. */
export function FactList({ facts }: { facts: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="tabular grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5 text-sm">
      {facts.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-ink-3">{name}</dt>
          <dd className="min-w-0 text-right break-words text-ink-2">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
