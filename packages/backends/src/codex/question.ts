import { type Answers, AppError, type Question, type QuestionId } from '@baton/protocol';
import { z } from 'zod';
import { update } from '../agent/step.ts';
import { type Reply, close, toItem } from './approve.ts';
import { type QuestionForm, type Step, toKey } from './state.ts';
import { ensureTurn } from './turn.ts';
import type { RequestId, ServerRequest } from './wire.ts';

type Of<M extends ServerRequest['method']> = Extract<ServerRequest, { method: M }>['params'];

interface Asked {
  requestId: RequestId;
  key: string | undefined;
  form: QuestionForm;
  questions: Question[];
}

export function askUser(step: Step, requestId: RequestId, params: Of<'item/tool/requestUserInput'>): void {
  const { threadId, itemId } = params;
  const questions = params.questions.map(({ id, header, question, options }) => ({
    id,
    question,
    ...(header == null ? {} : { header }),
    multiSelect: false,
    options: (options ?? []).map(({ label, description }) => ({
      label,
      ...(description == null ? {} : { description }),
    })),
  }));
  ask(step, { requestId, key: toKey(threadId, itemId), questions, form: { type: 'codex', questions } });
}

const fieldSchema = z.looseObject({
  type: z.string().default('string'),
  title: z.string().optional(),
  description: z.string().optional(),
  enum: z.array(z.string()).optional(),
  oneOf: z.array(z.object({ const: z.string(), title: z.string().optional() })).optional(),
});
const formSchema = z.object({ properties: z.record(z.string(), fieldSchema) });

/** The fields of an MCP server's form as questions; undefined for a form that a person cannot be shown. */
export function toFields(schema: unknown): { id: string; field: z.infer<typeof fieldSchema> }[] | undefined {
  const parsed = formSchema.safeParse(schema);
  if (!parsed.success) return undefined;
  const fields = Object.entries(parsed.data.properties).map(([id, field]) => ({ id, field }));
  const isSimple = fields.every(({ field }) => ['string', 'number', 'integer', 'boolean'].includes(field.type));
  return isSimple && fields.length > 0 ? fields : undefined;
}

/** An MCP server asks for input of its own. False when it cannot be shown. */
export function askForm(step: Step, requestId: RequestId, params: Of<'mcpServer/elicitation/request'>): boolean {
  const fields = params.mode === 'form' ? toFields(params.requestedSchema) : undefined;
  if (fields === undefined) return false;
  const questions = fields.map(({ id, field }) => ({
    id,
    question: [params.message, field.description ?? field.title ?? id].filter((part) => part !== '').join(' · '),
    header: params.serverName,
    multiSelect: false,
    options: toOptions(field),
  }));
  const kinds = fields.map(({ id, field }, at) => ({ id, question: questions[at]?.question ?? id, kind: field.type }));
  const form = { type: 'mcp' as const, fields: kinds };
  ask(step, { requestId, key: undefined, questions, form });
  return true;
}

function toOptions(field: z.infer<typeof fieldSchema>): Question['options'] {
  if (field.type === 'boolean') return [{ label: 'yes' }, { label: 'no' }];
  return [...(field.enum ?? []), ...(field.oneOf ?? []).map((one) => one.const)].map((label) => ({ label }));
}

function ask(step: Step, { requestId, key, form, questions }: Asked): void {
  const questionId = step.context.createId('question');
  const turn = ensureTurn(step);
  update(step, { prompts: [...step.state.prompts, { type: 'question', requestId, key, questionId, form }] });
  step.reports.push({ type: 'question.asked', questionId, turnId: turn, ...toItem(step, key), questions });
}

/** Takes answers, keyed by a question's id or text. Throws when nothing waits for them. */
export function answerQuestion(step: Step, answer: { questionId: QuestionId; answers: Answers }): Reply {
  const prompt = step.state.prompts.find((open) => open.type === 'question' && open.questionId === answer.questionId);
  if (prompt?.type !== 'question') {
    throw new AppError('question-already-answered', 'Cannot answer: the agent no longer waits for these answers');
  }
  close(step, prompt);
  const { form, requestId } = prompt;
  const given = (asked: { id: string; question: string }) => answer.answers[asked.id] ?? answer.answers[asked.question];
  if (form.type === 'codex') {
    const answers = form.questions.map((asked) => [asked.id, { answers: [given(asked) ?? []].flat() }]);
    return { requestId, result: { answers: Object.fromEntries(answers) } };
  }
  const content = form.fields.flatMap((asked) => {
    const value = [given(asked) ?? []].flat().join(', ');
    return value === '' ? [] : [[asked.id, toValue(asked.kind, value)]];
  });
  return { requestId, result: { action: 'accept', content: Object.fromEntries(content), _meta: null } };
}

function toValue(kind: string, text: string): unknown {
  if (kind === 'boolean') return /^(yes|true|y|1)$/i.test(text.trim());
  if (kind === 'string') return text;
  const number = Number(text);
  return Number.isFinite(number) ? number : text;
}
