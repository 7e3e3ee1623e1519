import { MessageCircleQuestion } from 'lucide-react';
import { memo } from 'react';
import type { AnswerRow } from './row.ts';

/** A question of the agent with what it was answered, or why nobody has to answer it any more. */
export const AnswerRowView = memo(function AnswerRowView({ row }: { row: AnswerRow }) {
  const { questions, answers = {}, state, reason } = row.question;
  const isWithdrawn = state === 'withdrawn';
  return (
    <dl className="my-1 flex flex-col gap-1 text-sm">
      {questions.map((question, index) => (
        <div key={question.id} className="flex items-start gap-2">
          <MessageCircleQuestion
            size={16}
            strokeWidth={1.75}
            aria-hidden="true"
            className="mt-px shrink-0 text-ink-3"
          />
          <div className="min-w-0">
            <dt className="inline text-ink-3">{question.question} </dt>
            <dd className={isWithdrawn ? 'inline text-ink-2' : 'inline font-medium text-ink'}>
              {isWithdrawn
                ? toNoLonger(index === 0 ? reason : undefined)
                : toWords(answers[question.id] ?? answers[question.question])}
            </dd>
          </div>
        </div>
      ))}
    </dl>
  );
});

function toNoLonger(reason: string | undefined): string {
  return reason === undefined ? 'No longer asked' : `No longer asked: ${reason}`;
}

function toWords(answer: string | string[] | undefined): string {
  if (answer === undefined || answer.length === 0) return 'No answer';
  return typeof answer === 'string' ? answer : answer.join(', ');
}
