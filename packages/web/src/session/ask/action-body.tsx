import type { ApprovalView } from '@baton/protocol';
import { useMemo } from 'react';
import { DiffView } from '../diff/diff-view.tsx';
import { Markdown } from '../markdown/markdown.tsx';
import { TextOutput } from '../tool/text-output.tsx';
import { toShortPath } from '../tool/short-path.ts';
import { toActionView } from './action-view.ts';

/** What an agent wants to do: the real command, the real diff, the plan. */
export function ActionBody({ approval, cwd }: { approval: ApprovalView; cwd: string }) {
  const view = useMemo(() => toActionView(approval), [approval]);
  switch (view.type) {
    case 'command':
      return (
        <>
          {view.purpose !== undefined && <p className="text-sm text-ink-2">{view.purpose}</p>}
          <Mono text={view.text} />
        </>
      );
    case 'diff':
      return <DiffView path={toShortPath(view.path, cwd)} patch={view.patch} numbered={view.numbered} />;
    case 'plan':
      return (
        <section
          tabIndex={0}
          aria-label="Plan"
          className="scroll-thin max-h-[50dvh] overflow-y-auto rounded-md border border-line bg-surface px-4 py-3"
        >
          <Markdown text={view.markdown} />
        </section>
      );
    case 'plain':
      return (
        <>
          <Mono text={view.title} />
          {view.input !== '' && <TextOutput text={view.input} language="json" />}
        </>
      );
  }
}

function Mono({ text }: { text: string }) {
  return (
    <pre
      tabIndex={0}
      className="scroll-thin max-h-[40dvh] overflow-auto rounded-md border border-line bg-sunken px-3 py-2 text-code break-words whitespace-pre-wrap text-ink"
    >
      {text}
    </pre>
  );
}
