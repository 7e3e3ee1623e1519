import { type Answers, AppError, type Question, type QuestionId } from '@baton/protocol';
import { z } from 'zod';
import { update } from '../agent/step.ts';
import { type ControlReply, close } from './approve.ts';
import type { Step } from './state.ts';
import { showTool, startTool } from './tool-call.ts';
import { ensureTurn } from './turn.ts';
import type { CanUseTool } from './wire.ts';

const questionsSchema = z
  .array(
    z.object({
      question: z.string(),
      header: z.string().optional(),
      multiSelect: z.boolean().default(false),
      options: z.array(z.object({ label: z.string(), description: z.string().optional() })).default([]),
    }),
  )
  .min(1);

/** The agent's questions, or undefined when they are none that a person can be shown. */
export function toQuestions(input: Readonly<Record<string, unknown>>): Question[] | undefined {
  const parsed = questionsSchema.safeParse(input['questions']);
  if (!parsed.success) return undefined;
  return parsed.data.map((question, index) => ({ id: `q${index + 1}`, ...question }));
}

export function askQuestions(step: Step, asked: { requestId: string; asks: CanUseTool; questions: Question[] }): void {
  const { requestId, asks, questions } = asked;
  const { tool_use_id: toolUseId, input } = asks;
  startTool(step, { toolUseId, tool: asks.tool_name, input, parent: undefined });
  showTool(step, toolUseId);
  const questionId = step.context.createId('question');
  update(step, {
    prompts: [...step.state.prompts, { type: 'question', requestId, toolUseId, input, questionId, questions }],
  });
  const itemId = step.state.tools[toolUseId]?.itemId;
  const turnId = ensureTurn(step, { isBackground: false });
  step.reports.push({
    type: 'question.asked',
    questionId,
    turnId,
    ...(itemId === undefined ? {} : { itemId }),
    questions,
  });
}

/** Takes answers, keyed by a question's id or text; the agent wants them by text. Throws when nothing waits for them. */
export function answerQuestion(step: Step, answer: { questionId: QuestionId; answers: Answers }): ControlReply {
  const prompt = step.state.prompts.find((open) => open.type === 'question' && open.questionId === answer.questionId);
  if (prompt?.type !== 'question') {
    throw new AppError('question-already-answered', 'Cannot answer: the agent no longer waits for these answers');
  }
  close(step, prompt);
  const answers = Object.fromEntries(
    prompt.questions.flatMap(({ id, question }) => {
      const given = answer.answers[id] ?? answer.answers[question];
      return given === undefined ? [] : [[question, Array.isArray(given) ? given.join(', ') : given]];
    }),
  );
  return { requestId: prompt.requestId, response: { behavior: 'allow', updatedInput: { ...prompt.input, answers } } };
}
