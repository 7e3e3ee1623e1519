import { type Answers, AppError, type QuestionId } from '@baton/protocol';
import { update } from '../agent/step.ts';
import { close } from './approve.ts';
import type { Step } from './state.ts';
import { findTool } from './tool-call.ts';
import type { NativeQuestion } from './wire.ts';

export function askQuestions(step: Step, asked: NativeQuestion): void {
  const { turn, prompts, dropped } = step.state;
  if (turn === undefined || dropped.includes(asked.id) || prompts.some((open) => open.requestId === asked.id)) return;
  const callId = asked.tool?.callID;
  const questions = asked.questions.map(({ multiple, ...question }, index) => {
    return { id: `q${index + 1}`, ...question, multiSelect: multiple ?? false };
  });
  if (questions.length === 0) return;
  const questionId = step.context.createId('question');
  const prompt = { type: 'question' as const, requestId: asked.id, callId, questionId, questions };
  update(step, { prompts: [...step.state.prompts, prompt] });
  const use = { sessionId: asked.sessionID, input: { questions: asked.questions } };
  const itemId = callId === undefined ? undefined : findTool(step, { ...use, callId })?.tool.itemId;
  const place = itemId === undefined ? {} : { itemId };
  step.reports.push({ type: 'question.asked', questionId, turnId: turn.turnId, ...place, questions });
}

/** Answers as OpenCode takes them: a list for each question, in their order. */
export interface QuestionReply {
  requestId: string;
  body: { answers: string[][] };
}

/** Takes answers, keyed by a question's id or text. Throws when nothing waits for them. */
export function answerQuestion(step: Step, answer: { questionId: QuestionId; answers: Answers }): QuestionReply {
  const prompt = step.state.prompts.find((open) => open.type === 'question' && open.questionId === answer.questionId);
  if (prompt?.type !== 'question') {
    throw new AppError('question-already-answered', 'Cannot answer: the agent no longer waits for these answers');
  }
  close(step, prompt.requestId);
  const answers = prompt.questions.map(({ id, question }) => {
    const given = answer.answers[id] ?? answer.answers[question] ?? [];
    return Array.isArray(given) ? given : [given];
  });
  return { requestId: prompt.requestId, body: { answers } };
}
