import type { CreateElicitationResponse } from '@agentclientprotocol/sdk';
import { type Answers, AppError, type Question, type QuestionId } from '@baton/protocol';
import { closePrompt } from './approve.ts';
import { type OpenPrompt, type Step, update } from './state.ts';
import { ensureTurn } from './turn.ts';
import type { Elicitation, Property, RpcId } from './wire.ts';

type Form = Readonly<Record<string, Property>>;

const DONE = 'Done';
const YES = 'Yes';
const NO = 'No';
// Claude's agent offers a free text beside each choice; with us any answer may be free text.
const CUSTOM = '_custom';

/** The agent asks its user for something: a form becomes questions, an address to open a question whether it was done. */
export function askQuestions(step: Step, rpcId: RpcId, asked: Elicitation): void {
  const form = asked.requestedSchema?.properties ?? {};
  const questions = asked.url == null ? toQuestions(form, asked.message) : [toUrlQuestion(asked.message, asked.url)];
  // Nothing to fill in: a yes is all there is to say.
  const shown = questions.length === 0 ? [toPlainQuestion(asked.message)] : questions;
  const questionId = step.context.createId('question');
  const prompt: OpenPrompt = { type: 'question', rpcId, questionId, form: asked.url == null ? form : 'url' };
  update(step, { prompts: [...step.state.prompts, prompt] });
  step.reports.push({ type: 'question.asked', questionId, turnId: ensureTurn(step), questions: shown });
}

function toQuestions(form: Form, message: string): Question[] {
  const names = Object.keys(form).filter((name) => !isCustom(name, form));
  return names.map((name) => {
    const property = form[name] ?? { type: 'string' };
    const { title, description, type } = property;
    const only = names.length === 1 && message !== '';
    const question = only ? message : (description ?? title ?? name);
    const header = title ?? (question === name ? undefined : name);
    return {
      id: name,
      question,
      ...(header == null || header === question ? {} : { header }),
      multiSelect: type === 'array',
      options: toOptions(property),
    };
  });
}

const isCustom = (name: string, form: Form): boolean =>
  name.endsWith(CUSTOM) && Object.hasOwn(form, name.slice(0, -CUSTOM.length));

interface Choice {
  value: string;
  label: string;
  description?: string | null | undefined;
}

function toChoices({ type, enum: plain, oneOf, items }: Property): Choice[] {
  if (type === 'boolean') return [YES, NO].map((label) => ({ value: label, label }));
  const titled = oneOf ?? items?.anyOf;
  if (titled != null)
    return titled.map((choice) => ({
      value: choice.const,
      label: choice.title ?? choice.const,
      description: choice.description,
    }));
  return (plain ?? items?.enum ?? []).map((value) => ({ value, label: value }));
}

function toOptions(property: Property): Question['options'] {
  return toChoices(property).map(({ label, description }) => ({
    label,
    ...(description == null || description === '' ? {} : { description }),
  }));
}

function toUrlQuestion(message: string, url: string): Question {
  return {
    id: 'url',
    question: `${message}\n${url}`.trim(),
    multiSelect: false,
    options: [{ label: DONE, description: 'I opened the address and did what it asks' }, { label: NO }],
  };
}

function toPlainQuestion(message: string): Question {
  return { id: 'answer', question: message, multiSelect: false, options: [{ label: YES }, { label: NO }] };
}

/** Takes answers, keyed by a question's id or text. Throws `question-already-answered` when nothing waits for them. */
export function answerQuestion(step: Step, answer: { questionId: QuestionId; answers: Answers }): void {
  const prompt = step.state.prompts.find((open) => open.type === 'question' && open.questionId === answer.questionId);
  if (prompt?.type !== 'question') {
    throw new AppError('question-already-answered', 'Cannot answer: the agent no longer waits for these answers');
  }
  closePrompt(step, prompt);
  step.replies.push({ rpcId: prompt.rpcId, result: toResult(prompt.form, answer.answers) });
}

function toResult(form: Form | 'url', answers: Answers): CreateElicitationResponse {
  const given = Object.values(answers).flat();
  if (form === 'url' || Object.keys(form).length === 0)
    return { action: given.includes(NO) ? 'decline' : 'accept', ...(form === 'url' ? {} : { content: {} }) };
  const content = Object.entries(form).flatMap(([name, property]) => {
    const { title, description } = property;
    const keys = [name, description, title].filter((key) => key != null);
    const value = keys.map((key) => answers[key]).find((each) => each !== undefined);
    const only = Object.keys(form).filter((each) => !isCustom(each, form)).length === 1;
    const found = value ?? (only && !isCustom(name, form) ? Object.values(answers)[0] : undefined);
    return found === undefined ? [] : toEntries(name, found, { form, property });
  });
  return { action: 'accept', content: Object.fromEntries(content) };
}

type Entry = [string, unknown];

function toEntries(
  name: string,
  given: string | string[],
  { form, property }: { form: Form; property: Property },
): Entry[] {
  const choices = toChoices(property);
  const toValue = (text: string) => choices.find(({ label, value }) => text === label || text === value)?.value;
  const texts = Array.isArray(given) ? given : [given];
  if (property.type === 'boolean') return [[name, texts[0] === YES || texts[0] === 'true']];
  if (property.type === 'array') return [[name, texts.map((text) => toValue(text) ?? text)]];
  const text = texts.join(', ');
  if (property.type === 'number' || property.type === 'integer') return [[name, toNumber(text)]];
  const custom = `${name}${CUSTOM}`;
  const chosen = toValue(text);
  return chosen === undefined && Object.hasOwn(form, custom) ? [[custom, text]] : [[name, chosen ?? text]];
}

// What is no number goes as it is: the agent can say more about it than Baton.
function toNumber(text: string): number | string {
  const number = Number(text);
  return text.trim() === '' || !Number.isFinite(number) ? text : number;
}
