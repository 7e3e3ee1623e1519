import type { ReactNode, Ref } from 'react';
import { WholePath } from '../../ui/whole-path.tsx';
import '../session.css';

export interface AskFrameProps {
  ref?: Ref<HTMLElement>;
  label: string;
  icon: ReactNode;
  title: string;
  /** The folder it is about. */
  where: string | undefined;
  aside: ReactNode;
  /** Stays in sight under the scrolling body. */
  foot: ReactNode;
  children: ReactNode;
}

/** The card of whatever an agent asks: who, where, what, and the ways to answer. */
export function AskFrame({ ref, label, icon, title, where, aside, foot, children }: AskFrameProps) {
  return (
    <section
      ref={ref}
      aria-label={label}
      className="scroll-thin flex max-h-[inherit] min-h-0 flex-col overflow-x-hidden overflow-y-auto rounded-lg border border-waiting-line bg-raised"
    >
      <header className="flex shrink-0 items-start gap-2 px-3.5 pt-3 pb-2">
        <span className="mt-0.5 shrink-0">{icon}</span>
        <h2 className="min-w-0 flex-1 text-base leading-5">
          <span className="mr-2 font-medium">{title}</span>
          {where !== undefined && (
            <span className="inline-block font-mono text-xs text-ink-3">
              <span className="sr-only">in </span>
              <WholePath path={where} />
            </span>
          )}
        </h2>
        {aside}
      </header>
      {/* What it is about stays in sight; where there is no room for that and all answers, the whole card scrolls. */}
      <div className="ask-body scroll-thin flex flex-col gap-2 overflow-y-auto px-3.5 pb-3">{children}</div>
      <footer className="flex shrink-0 flex-col gap-2 border-t border-line bg-surface px-3.5 py-3">{foot}</footer>
    </section>
  );
}
