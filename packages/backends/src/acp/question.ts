import type { CreateElicitationResponse, RequestPermissionResponse } from '@agentclientprotocol/sdk';
import { type Answers, AppError, type Question, type QuestionId } from '@baton/protocol';
import { update } from '../agent/step.ts';
import { type OpenPrompt, type Step, closePrompt } from './state.ts';
import { ensureTurn } from './turn.ts';
import type { Asked, Elicitation, Property, RpcId } from './wire.ts';

type Form = Readonly<Record<string, Property>>;

const DONE = 'Done';
const YES = 'Yes';
const NO = 'No';
// Claude's agent offers a free text beside each choice, Codex a note; with us any answer may be free text.
const CUSTOM = '_custom';
// What Codex has chosen when the answer is the note.
const OTHER = 'None of the above';

/** The agent asks its user for something: a form becomes questions, an address to open a question whether it was done. */
export function askQuestions(step: Step, rpcId: RpcId, asked: Elicitation): void {
  const form = asked.requestedSchema?.properties ?? {};
  const questions = asked.url == null ? toQuestions(form, asked.message) : [toUrlQuestion(asked.message, asked.url)];
  // Nothing to fill in: a yes is all there is to say.
  const shown = questions.length === 0 ? [toPlainQuestion(asked.message)] : questions;
  openQuestion(step, { rpcId, form: asked.url == null ? form : 'url' }, shown);
}

/** The same, asked as if for permission; the answers go with the option that grants it, by the place of their question. */
export function askInPermission(
  step: Step,
  { rpcId, asked, optionId }: { rpcId: RpcId; asked: readonly Asked[]; optionId: string },
): void {
  const form = Object.fromEntries(asked.map((one, index) => [String(index), toProperty(one)]));
  openQuestion(step, { rpcId, form, optionId }, toQuestions(form, ''));
}

function toProperty({ question, header, multiSelect, options }: Asked): Property {
  const choices = options.map(({ label, description }) => ({ const: label, description }));
  const named = { title: header, description: question };
  return multiSelect === true
    ? { ...named, type: 'array', items: { anyOf: choices } }
    : { ...named, type: 'string', oneOf: choices };
}

function openQuestion(
  step: Step,
  how: { rpcId: RpcId; form: Form | 'url'; optionId?: string },
  questions: Question[],
): void {
  // As for an approval.
  if (step.state.turn?.isInterrupting === true)
    return void step.replies.push({ rpcId: how.rpcId, result: toNoAnswer({ type: 'question', ...how }) });
  const questionId = step.context.createId('question');
  const prompt: OpenPrompt = { type: 'question', questionId, ...how };
  update(step, { prompts: [...step.state.prompts, prompt] });
  step.reports.push({ type: 'question.asked', questionId, turnId: ensureTurn(step), questions });
}

/** What the agent is told where no person answers. */
export function toNoAnswer(
  asked: { type: 'approval' } | { type: 'question'; optionId?: string | undefined },
): CreateElicitationResponse | RequestPermissionResponse {
  const isElicitation = asked.type === 'question' && asked.optionId === undefined;
  return isElicitation ? { action: 'cancel' } : { outcome: { outcome: 'cancelled' } };
}

function toQuestions(form: Form, message: string): Question[] {
  const names = Object.keys(form).filter((name) => !isBeside(name, form));
  return names.map((name) => {
    const property = form[name] ?? { type: 'string' };
    const { label, text } = toWords(property);
    const only = names.length === 1 && message !== '' && !isCodex(property);
    const question = only ? message : (text ?? label ?? name);
    const header = label ?? (question === name ? undefined : name);
    return {
      id: name,
      question,
      ...(header == null || header === question ? {} : { header }),
      multiSelect: property.type === 'array',
      options: toOptions(property, { hasText: findBeside(name, form) !== undefined }),
    };
  });
}

const isCodex = ({ _meta: meta }: Property): boolean => meta?.codex != null;

// Codex says in the title what it asks, and above the form only that it asks.
function toWords(property: Property) {
  const { title, description } = property;
  return isCodex(property) ? { label: description, text: title } : { label: title, text: description };
}

/** Whether a field only takes what somebody has to say to another. */
const isBeside = (name: string, form: Form): boolean => toOwner(name, form) !== undefined;

function toOwner(name: string, form: Form): string | undefined {
  const named = name.endsWith(CUSTOM) ? name.slice(0, -CUSTOM.length) : undefined;
  const owner = form[name]?._meta?.codex?.questionId ?? named;
  return owner !== undefined && owner !== name && Object.hasOwn(form, owner) ? owner : undefined;
}

/** The field beside another that takes free text. */
const findBeside = (name: string, form: Form): string | undefined =>
  Object.keys(form).find((each) => toOwner(each, form) === name);

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

function toOptions(property: Property, { hasText }: { hasText: boolean }): Question['options'] {
  const choices = toChoices(property).filter(({ value }) => !(hasText && isCodex(property) && value === OTHER));
  return choices.map(({ label, description }) => ({
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
  const { rpcId, form, optionId } = prompt;
  const result = toResult(form, answer.answers);
  step.replies.push({ rpcId, result: optionId === undefined ? result : toGrant(optionId, result) });
}

function toGrant(
  optionId: string,
  { content }: Filled,
): RequestPermissionResponse & { answers: Record<string, string> } {
  const answers = Object.entries(content ?? {}).map(([key, value]) => [key, [value].flat().join(', ')]);
  return { outcome: { outcome: 'selected', optionId }, answers: Object.fromEntries(answers) };
}

type Filled = CreateElicitationResponse & { content?: Record<string, unknown> };

function toResult(form: Form | 'url', answers: Answers): Filled {
  const given = Object.values(answers).flat();
  if (form === 'url' || Object.keys(form).length === 0)
    return { action: given.includes(NO) ? 'decline' : 'accept', ...(form === 'url' ? {} : { content: {} }) };
  const content = Object.entries(form).flatMap(([name, property]) => {
    const { title, description } = property;
    const keys = [name, description, title].filter((key) => key != null);
    const value = keys.map((key) => answers[key]).find((each) => each !== undefined);
    const only = Object.keys(form).filter((each) => !isBeside(each, form)).length === 1;
    const found = value ?? (only && !isBeside(name, form) ? Object.values(answers)[0] : undefined);
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
  const beside = findBeside(name, form);
  const chosen = toValue(text);
  if (chosen !== undefined || beside === undefined) return [[name, chosen ?? text]];
  return choices.some(({ value }) => value === OTHER)
    ? [
        [name, OTHER],
        [beside, text],
      ]
    : [[beside, text]];
}

// What is no number goes as it is: the agent can say more about it than Baton.
function toNumber(text: string): number | string {
  const number = Number(text);
  return text.trim() === '' || !Number.isFinite(number) ? text : number;
}
