import type { Answers, ApprovalOption, ApprovalRequest, Question, QuestionRequest } from '@baton/protocol';
import { toApprovalLines } from '../render/event-line.ts';
import { toPlainLine } from '../render/plain-text.ts';
import type { Terminal } from '../terminal.ts';
import { toOption } from './ask-policy.ts';

export interface Chosen {
  option: ApprovalOption;
  note?: string;
}

/** Shows an approval and asks until one of its options is chosen; undefined when it was called off. */
export async function askApproval(
  terminal: Terminal,
  approval: ApprovalRequest,
  signal: AbortSignal,
): Promise<Chosen | undefined> {
  terminal.err(`\n${toApprovalLines(approval, terminal.errPaint).join('\n')}\n`);
  for (;;) {
    const typed = await terminal.ask(`  Answer (1-${approval.options.length}): `, signal);
    if (typed === undefined) return undefined;
    const option = toOption(approval.options, typed);
    if (option === undefined) continue;
    if (option.takesNote !== true) return { option };
    const note = await terminal.ask('  Note for the agent (Enter for none): ', signal);
    if (note === undefined) return undefined;
    return note.trim() === '' ? { option } : { option, note: note.trim() };
  }
}

/** Asks each question in turn; undefined when it was called off. */
export async function askQuestions(
  terminal: Terminal,
  request: QuestionRequest,
  signal: AbortSignal,
): Promise<Answers | undefined> {
  const answers: Answers = {};
  for (const question of request.questions) {
    const answer = await askQuestion(terminal, question, signal);
    if (answer === undefined) return undefined;
    answers[question.id] = answer;
  }
  return answers;
}

async function askQuestion(terminal: Terminal, question: Question, signal: AbortSignal) {
  const { errPaint: paint } = terminal;
  const options = question.options.map(({ label, description }, index) => {
    const more = description === undefined ? '' : paint('quiet', `  ${toPlainLine(description)}`);
    return `  ${paint('accent', `${index + 1}`)} ${toPlainLine(label)}${more}`;
  });
  terminal.err(
    `\n${[`${paint('ask', '?')} ${paint('strong', toPlainLine(question.question))}`, ...options].join('\n')}\n`,
  );
  const how = question.multiSelect ? 'Numbers with commas, or words' : 'Number or words';
  for (;;) {
    const typed = await terminal.ask(`  ${how}: `, signal);
    if (typed === undefined) return undefined;
    const answer = toAnswer(question, typed);
    if (answer !== undefined) return answer;
  }
}

/** What was typed as an answer: numbers stand for options, anything else for itself; nothing is no answer. */
export function toAnswer({ options, multiSelect }: Question, typed: string): string | string[] | undefined {
  const text = typed.trim();
  if (text === '') return undefined;
  const toLabel = (word: string) => (/^\d+$/.test(word) ? options[Number(word) - 1]?.label : undefined) ?? word;
  if (!multiSelect) return toLabel(text);
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
    .map(toLabel);
}
