import type { Question } from '@baton/protocol';
import { useEffect, useId, useRef, type Dispatch } from 'react';
import { Badge } from '../../ui/badge.tsx';
import { Kbd } from '../../ui/kbd.tsx';
import { cx } from '../../ui/cx.ts';
import type { QuestionAction, QuestionForm } from './question-form.ts';

export interface QuestionFieldsProps {
  question: Question;
  form: QuestionForm;
  disabled: boolean;
  /** Whether somebody went here from another one: the keyboard begins here and the question is read out. */
  entered: boolean;
  dispatch: Dispatch<QuestionAction>;
}

/** One question: its choices, large enough for a thumb, and a line for an answer of one's own. */
export function QuestionFields({ question, form, disabled, entered, dispatch }: QuestionFieldsProps) {
  const name = useId();
  const fields = useRef<HTMLFieldSetElement>(null);
  useEffect(() => {
    // Not on a choice: Enter there would send what nobody has answered yet.
    if (entered) fields.current?.focus({ preventScroll: true });
  }, [entered]);
  const picked = form.picks[question.id] ?? [];
  return (
    <fieldset ref={fields} tabIndex={-1} disabled={disabled} className="flex min-w-0 flex-col gap-1.5 outline-none">
      <legend className="mb-2.5 flex items-baseline gap-2 text-base">
        {question.header !== undefined && question.header !== '' && <Badge>{question.header}</Badge>}
        <span>{question.question}</span>
      </legend>
      {question.options.map((option, index) => (
        <label
          key={option.label}
          className={cx(
            'flex items-start gap-3 rounded-md border px-3 py-2 has-focus-visible:outline-2 has-focus-visible:outline-offset-1 has-focus-visible:outline-accent coarse:min-h-11',
            picked.includes(option.label)
              ? 'border-accent bg-accent-soft'
              : 'border-line-strong bg-surface hover:bg-hover',
          )}
        >
          <input
            type={question.multiSelect ? 'checkbox' : 'radio'}
            name={name}
            checked={picked.includes(option.label)}
            onChange={() => dispatch({ type: 'picked', question, label: option.label })}
            className="mt-0.5 size-4 shrink-0 accent-(--accent) outline-none"
          />
          <span className="min-w-0 flex-1">
            <span className="block font-medium">{option.label}</span>
            {option.description !== undefined && <span className="block text-sm text-ink-2">{option.description}</span>}
          </span>
          {index < 9 && <Kbd keys={String(index + 1)} className="coarse:hidden" />}
        </label>
      ))}
      <input
        value={form.texts[question.id] ?? ''}
        onChange={(event) => dispatch({ type: 'wrote', question, text: event.target.value })}
        aria-label={question.multiSelect ? 'Something else as well' : 'Another answer'}
        placeholder={
          question.options.length === 0
            ? 'Your answer'
            : question.multiSelect
              ? 'Something else as well'
              : 'Another answer'
        }
        className="h-9 rounded-md border border-line-control bg-surface px-3 text-base coarse:h-11 coarse:text-[max(16px,var(--ui-size))]"
      />
    </fieldset>
  );
}
