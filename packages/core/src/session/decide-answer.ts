import type { Answers, CommandOf, QuestionView } from '@baton/protocol';
import { accept, type Decision, type DecisionContext, refuse } from './decision.ts';
import type { OpenSession } from './state.ts';

/** The first answer wins; whoever comes later is refused. */
export function decideApprovalAnswer(
  state: OpenSession,
  command: CommandOf<'approval.answer'>,
  context: DecisionContext,
): Decision {
  const { approvalId, option, note, input } = command;
  const approval = state.approvals.find((view) => view.approvalId === approvalId);
  if (approval === undefined)
    return refuse('approval-already-answered', `Approval "${approvalId}" is not open any more`);
  if (!approval.options.some((offered) => offered.id === option)) {
    const offered = approval.options.map((each) => `"${each.id}"`).join(', ');
    return refuse(
      'invalid-input',
      `Cannot answer approval "${approvalId}" with "${option}": the agent offers ${offered}`,
    );
  }
  return accept({
    type: 'approval.answered',
    approvalId,
    option,
    ...(note === undefined ? {} : { note }),
    ...(input === undefined ? {} : { input }),
    by: context.by,
    via: context.via,
  });
}

export function decideQuestionAnswer(
  state: OpenSession,
  command: CommandOf<'question.answer'>,
  context: DecisionContext,
): Decision {
  const { questionId } = command;
  const question = state.questions.find((view) => view.questionId === questionId);
  if (question === undefined)
    return refuse('question-already-answered', `Question "${questionId}" is not open any more`);
  const named = nameAnswers(question, command.answers);
  if ('unknown' in named) {
    const known = question.questions.map((each) => `"${each.id}"`).join(', ');
    return refuse('invalid-input', `Cannot answer "${named.unknown}": question "${questionId}" asks ${known}`);
  }
  if (Object.keys(named.answers).length === 0) {
    return refuse('invalid-input', `Cannot answer question "${questionId}": no answer was given`);
  }
  return accept({ type: 'question.answered', questionId, answers: named.answers, by: context.by });
}

// Answers may be keyed by a question's id or by its text; they are stored by id.
function nameAnswers(view: QuestionView, given: Answers): { answers: Answers } | { unknown: string } {
  const answers: Answers = {};
  for (const [key, value] of Object.entries(given)) {
    const question =
      view.questions.find((each) => each.id === key) ?? view.questions.find((each) => each.question === key);
    if (question === undefined) return { unknown: key };
    answers[question.id] = value;
  }
  return { answers };
}
