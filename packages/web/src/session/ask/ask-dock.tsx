import type { ApprovalView, QuestionView } from '@baton/protocol';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useState, type KeyboardEvent } from 'react';
import { useFocusAfter } from './use-focus-after.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { ApprovalCard } from '../approval-card.tsx';
import { QuestionCard } from '../question-card.tsx';
import { toStack } from './stack.ts';

const NO_TEXT = 'button,input[type=radio],input[type=checkbox]';

export interface AskDockProps {
  approvals: readonly ApprovalView[];
  questions: readonly QuestionView[];
  /** Gives the keyboard to the composer: a letter that is typed on a button belongs there, and so does who has answered. */
  onTyping(): void;
}

/** What waits for an answer in this session, one at a time, above the composer. */
export function AskDock({ approvals, questions, onTyping }: AskDockProps) {
  const [wanted, setWanted] = useState<string>();
  const dock = useFocusAfter(onTyping);
  const stack = toStack(approvals, questions);
  const index = Math.max(
    0,
    stack.findIndex((ask) => ask.view.id === wanted),
  );
  const ask = stack[index];
  if (ask === undefined) return null;
  const go = (step: number) => setWanted(stack[(index + step + stack.length) % stack.length]?.view.id);
  const aside = stack.length > 1 && <StackPlace index={index} count={stack.length} onStep={go} />;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target instanceof Element && event.target.matches(NO_TEXT) && isLetter(event)) onTyping();
  };
  return (
    <div ref={dock} onKeyDown={onKeyDown} className="ask-rise mb-2 flex max-h-[62dvh] min-h-32 flex-col">
      {ask.kind === 'approval' ? (
        <ApprovalCard key={ask.view.id} approval={ask.view} keys="page" aside={aside} />
      ) : (
        <QuestionCard key={ask.view.id} question={ask.view} keys="page" aside={aside} />
      )}
    </div>
  );
}

function StackPlace({ index, count, onStep }: { index: number; count: number; onStep(step: number): void }) {
  return (
    <span className="flex shrink-0 items-center gap-0.5 text-xs text-ink-3">
      <IconButton
        size="sm"
        label="Show the one before"
        icon={<ChevronLeft size={14} strokeWidth={1.75} />}
        onClick={() => onStep(-1)}
      />
      <span className="tabular">
        {index + 1} of {count}
      </span>
      <IconButton
        size="sm"
        label="Show the next one"
        icon={<ChevronRight size={14} strokeWidth={1.75} />}
        onClick={() => onStep(1)}
      />
    </span>
  );
}

function isLetter(event: KeyboardEvent): boolean {
  const isModified = event.ctrlKey || event.metaKey || event.altKey;
  return !isModified && event.key.length === 1 && !/[\d\s]/.test(event.key);
}
