import { parseJson, type Answers, type Question } from '@baton/protocol';

/** What was chosen and written so far, per question id. */
export interface QuestionForm {
  readonly step: number;
  readonly picks: Readonly<Record<string, readonly string[]>>;
  readonly texts: Readonly<Record<string, string>>;
}

export type QuestionAction =
  | { readonly type: 'picked'; readonly question: Question; readonly label: string }
  | { readonly type: 'wrote'; readonly question: Question; readonly text: string }
  | { readonly type: 'went'; readonly to: number };

export const emptyForm: QuestionForm = { step: 0, picks: {}, texts: {} };

export function questionReducer(form: QuestionForm, action: QuestionAction): QuestionForm {
  switch (action.type) {
    case 'picked': {
      const { question, label } = action;
      const before = form.picks[question.id] ?? [];
      const after = question.multiSelect ? toggle(before, label) : [label];
      // Of one answer only the latest counts, so a choice takes the place of what was written.
      const texts = question.multiSelect ? form.texts : { ...form.texts, [question.id]: '' };
      return { ...form, picks: { ...form.picks, [question.id]: after }, texts };
    }
    case 'wrote': {
      const { question, text } = action;
      const isInstead = !question.multiSelect && text.trim() !== '';
      const picks = isInstead ? { ...form.picks, [question.id]: [] } : form.picks;
      return { ...form, picks, texts: { ...form.texts, [question.id]: text } };
    }
    case 'went':
      return { ...form, step: Math.max(0, action.to) };
  }
}

function toggle(labels: readonly string[], label: string): readonly string[] {
  return labels.includes(label) ? labels.filter((other) => other !== label) : [...labels, label];
}

/** The answer to one question, or undefined while there is none. Choices keep the order in which they are offered. */
export function toAnswer(form: QuestionForm, question: Question): string | string[] | undefined {
  const picked = form.picks[question.id] ?? [];
  const text = form.texts[question.id]?.trim() ?? '';
  if (!question.multiSelect) return text === '' ? picked[0] : text;
  const labels = question.options.map((option) => option.label).filter((label) => picked.includes(label));
  const all = text === '' ? labels : [...labels, text];
  return all.length === 0 ? undefined : all;
}

/** All answers, by the question's id; questions without one are left out. */
export function toAnswers(form: QuestionForm, questions: readonly Question[]): Answers {
  const answers: Answers = {};
  for (const question of questions) {
    const answer = toAnswer(form, question);
    if (answer !== undefined) answers[question.id] = answer;
  }
  return answers;
}

/** A form as text; empty for one that says nothing yet. */
export function writeForm(form: QuestionForm): string {
  return form === emptyForm ? '' : JSON.stringify(form);
}

/** The form that `writeForm` wrote; an empty one for what another version of the page wrote otherwise. */
export function readForm(text: string): QuestionForm {
  const parsed = parseJson(text);
  if (!parsed.ok || !isRecord(parsed.value)) return emptyForm;
  const { step, picks, texts } = parsed.value;
  if (typeof step !== 'number' || !isRecord(picks) || !isRecord(texts)) return emptyForm;
  return { step: Math.max(0, step), picks: toFields(picks, isLabels), texts: toFields(texts, isText) };
}

function toFields<T>(fields: Record<string, unknown>, isFit: (value: unknown) => value is T): Record<string, T> {
  const fit: Record<string, T> = {};
  for (const [id, value] of Object.entries(fields)) if (isFit(value)) fit[id] = value;
  return fit;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isText = (value: unknown): value is string => typeof value === 'string';
const isLabels = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isText);
