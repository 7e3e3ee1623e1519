import { Button } from '../../ui/button.tsx';
import type { AnswerState } from './use-answer.ts';

export interface QuestionFootProps {
  place: { readonly step: number; readonly count: number };
  /** Whether the question that is shown has one. */
  hasAnswer: boolean;
  canGoOn: boolean;
  state: AnswerState;
  onBack(): void;
}

/** The ways on from a question, and what became of the answer. */
export function QuestionFoot({ place, hasAnswer, canGoOn, state, onBack }: QuestionFootProps) {
  const { step, count } = place;
  const isLast = step === count - 1;
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Button
        type="submit"
        variant={hasAnswer || isLast ? 'primary' : 'secondary'}
        disabled={!canGoOn}
        keyHint="Enter"
        className="coarse:h-11"
      >
        {isLast ? toSendWords(count) : hasAnswer ? 'Next question' : 'Skip question'}
      </Button>
      {step > 0 && (
        <Button variant="quiet" onClick={onBack} className="coarse:h-11">
          Back
        </Button>
      )}
      {count > 1 && (
        <span className="tabular text-xs text-ink-3">
          Question {step + 1} of {count}
        </span>
      )}
      <AnswerNote state={state} />
    </div>
  );
}

function AnswerNote({ state }: { state: AnswerState }) {
  if (state.step === 'refused') {
    return (
      <p role="alert" className="text-sm text-failed">
        {state.message}
      </p>
    );
  }
  const words = { open: '', sending: 'Sending', sent: 'Sent' }[state.step];
  return (
    <span role="status" className="text-sm text-ink-2">
      {words}
    </span>
  );
}

function toSendWords(count: number): string {
  return count === 1 ? 'Send answer' : 'Send answers';
}
