import type { QuestionView } from '@baton/protocol';
import { MessageCircleQuestion } from 'lucide-react';
import { useEffect, useReducer, useRef, useState, type FormEvent, type ReactNode } from 'react';
import { useSessionView } from '../live/baton-provider.tsx';
import { useAgentTitle } from '../sessions/agent-badge.tsx';
import { createKeptTexts } from '../ui/kept-texts.ts';
import { AskFrame } from './ask/ask-frame.tsx';
import { readForm, toAnswer, toAnswers, questionReducer, writeForm } from './ask/question-form.ts';
import { QuestionFields } from './ask/question-fields.tsx';
import { QuestionFoot } from './ask/question-foot.tsx';
import { useAnswer } from './ask/use-answer.ts';
import { useAnswerKeys } from './ask/use-answer-keys.ts';

const kept = createKeptTexts('answers');

export interface QuestionCardProps {
  question: QuestionView;
  /** `page`: the printed keys count wherever the keyboard is; `card`: only inside the card. Default `card`. */
  keys?: 'page' | 'card';
  /** Stands at the right of the head, such as a place in a stack. */
  aside?: ReactNode;
}

/** What an agent asks its user: one question at a time, its choices and always a free answer. */
export function QuestionCard({ question, keys = 'card', aside }: QuestionCardProps) {
  const card = useRef<HTMLElement>(null);
  const session = useSessionView(question.sessionId);
  const agent = useAgentTitle(session?.backend);
  const [form, dispatch] = useReducer(questionReducer, question.id, (id) => readForm(kept.get(id)));
  const { state, answer } = useAnswer();
  const isOpen = question.state === 'pending' && (state.step === 'open' || state.step === 'refused');
  // Who looks at another one of the stack, at the files or at another app comes back to what was chosen and typed.
  useEffect(() => kept.set(question.id, isOpen ? writeForm(form) : ''), [question.id, form, isOpen]);
  const { questions } = question;
  const [entered, setEntered] = useState(false);
  const go = (to: number) => {
    setEntered(true);
    dispatch({ type: 'went', to });
  };
  const step = Math.min(form.step, questions.length - 1);
  const current = questions[step];
  const isLast = step === questions.length - 1;
  const pick = (at: number) => {
    const option = current?.options[at];
    if (current === undefined || option === undefined) return;
    dispatch({ type: 'picked', question: current, label: option.label });
    // From there Enter sends.
    card.current?.querySelectorAll('input')[at]?.focus();
  };
  useAnswerKeys({ count: current?.options.length ?? 0, enabled: isOpen, scope: keys, card, choose: pick });
  if (current === undefined) return null;
  const answers = toAnswers(form, questions);
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (!isOpen) return;
    if (!isLast) go(step + 1);
    else if (Object.keys(answers).length > 0) answer({ type: 'question.answer', questionId: question.id, answers });
  };
  return (
    <form onSubmit={onSubmit} className="flex max-h-[inherit] min-h-0 flex-col">
      <AskFrame
        ref={card}
        label="Question"
        icon={<MessageCircleQuestion size={16} strokeWidth={1.75} aria-hidden="true" className="text-waiting" />}
        title={`${agent} asks`}
        where={session?.cwd}
        aside={aside}
        foot={
          <QuestionFoot
            place={{ step, count: questions.length }}
            hasAnswer={toAnswer(form, current) !== undefined}
            canGoOn={isOpen && (!isLast || Object.keys(answers).length > 0)}
            state={state}
            onBack={() => go(step - 1)}
          />
        }
      >
        <QuestionFields key={current.id} {...{ question: current, form, entered, dispatch }} disabled={!isOpen} />
      </AskFrame>
    </form>
  );
}
