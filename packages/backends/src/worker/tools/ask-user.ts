import type { Answers, Question } from '@baton/protocol';
import { z } from 'zod';
import { defineTool } from './define-tool.ts';
import { said } from './tool.ts';

export const askUserTool = defineTool({
  name: 'ask_user',
  description:
    'Asks the user when a choice is theirs and cannot be found out. The user may pick an option or write freely.',
  kind: 'other',
  input: z.object({
    questions: z
      .array(
        z.object({
          question: z.string().min(1),
          header: z.string().optional().describe('One or two words'),
          multiSelect: z.boolean().optional(),
          options: z.array(z.object({ label: z.string().min(1), description: z.string().optional() })).max(10),
        }),
      )
      .min(1)
      .max(5),
  }),
  prepare: (input) => {
    const questions = input.questions.map(
      (question, index): Question => ({
        id: String(index + 1),
        ...withoutUndefined(question),
        multiSelect: question.multiSelect ?? false,
      }),
    );
    return {
      title: input.questions[0]?.question ?? 'Ask the user',
      need: { type: 'nothing' },
      locations: [],
      run: async (context) => said(toText(questions, await context.ask(questions))),
    };
  },
});

function withoutUndefined(question: {
  question: string;
  header?: string | undefined;
  options: { label: string; description?: string | undefined }[];
}) {
  return {
    question: question.question,
    options: question.options,
    ...(question.header === undefined ? {} : { header: question.header }),
  };
}

/** Answers are keyed by the question's id or by its text. */
function toText(questions: readonly Question[], answers: Answers): string {
  return questions
    .map(({ id, question }) => {
      const answer = answers[id] ?? answers[question];
      const text = Array.isArray(answer) ? answer.join(', ') : answer;
      return `${question}: ${text === undefined || text === '' ? '(no answer)' : text}`;
    })
    .join('\n');
}
