import { MessageCircleQuestion } from 'lucide-react';
import { memo } from 'react';
import type { AnswerRow } from './row.ts';

/** A question of the agent with what it was answered. */
export const AnswerRowView = memo(function AnswerRowView({ row }: { row: AnswerRow }) {
  const { questions, answers = {} } = row.question;
  return (
    <dl className="my-1 flex flex-col gap-1 text-sm">
      {questions.map((question) => (
        <div key={question.id} className="flex items-start gap-2">
          <MessageCircleQuestion
            size={16}
            strokeWidth={1.75}
            aria-hidden="true"
            className="mt-px shrink-0 text-ink-3"
          />
          <div className="min-w-0">
            <dt className="inline text-ink-3">{question.question} </dt>
            <dd className="inline font-medium text-ink">
              {toWords(answers[question.id] ?? answers[question.question])}
            </dd>
          </div>
        </div>
      ))}
    </dl>
  );
});

function toWords(answer: string | string[] | undefined): string {
  if (answer === undefined || answer.length === 0) return 'No answer';
  return typeof answer === 'string' ? answer : answer.join(', ');
}
