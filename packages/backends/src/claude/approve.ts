import type { ApprovalAnswer } from '@baton/core';
import { AppError, type ApprovalOption, type Risk } from '@baton/protocol';
import { update } from '../agent/step.ts';
import type { Choice, OpenPrompt, Step } from './state.ts';
import { toAlwaysOptions } from './permission-rule.ts';
import { startTool, showTool } from './tool-call.ts';
import { toLongTitle, toToolKind } from './tool-name.ts';
import { ensureTurn } from './turn.ts';
import type { CanUseTool } from './wire.ts';

interface Option {
  option: ApprovalOption;
  choice: Choice;
}

const DENIED =
  'The user does not want this. Do not try it in another way: go on without it, or ask what to do instead.';

const ALLOW: Option = {
  option: { id: 'allow', title: 'Allow', kind: 'allow-once' },
  choice: { behavior: 'allow', updates: [] },
};
const DENY: Option = {
  option: { id: 'deny', title: 'Deny', kind: 'deny-once', takesNote: true },
  choice: { behavior: 'deny', message: DENIED },
};

const toMode = (mode: string) => ({ type: 'setMode' as const, mode, destination: 'session' });
// The careful approval comes first: it is the one that a person's Enter may mean.
const PLAN_OPTIONS: readonly Option[] = [
  {
    option: { id: 'ask-edits', title: 'Approve, and ask before each edit', kind: 'allow-once' },
    choice: { behavior: 'allow', updates: [toMode('default')] },
  },
  {
    option: { id: 'accept-edits', title: 'Approve, and accept edits without asking', kind: 'allow-always' },
    choice: { behavior: 'allow', updates: [toMode('acceptEdits')] },
  },
  {
    option: { id: 'keep-planning', title: 'Keep planning', kind: 'deny-once', takesNote: true },
    choice: {
      behavior: 'deny',
      message: 'The user wants to keep planning. Ask what to change, and change nothing else yet.',
    },
  },
];

/** The agent wants to use a tool: its user is asked, in the agent's own terms. */
export function askApproval(step: Step, requestId: string, asks: CanUseTool): void {
  const { tool_name: tool, tool_use_id: toolUseId, input } = asks;
  const parent = asks.agent_id === undefined ? undefined : step.state.tasks[asks.agent_id];
  startTool(step, { toolUseId, tool, input, parent });
  showTool(step, toolUseId);
  const options = toOptions(asks);
  const approvalId = step.context.createId('approval');
  const choices = Object.fromEntries(options.map(({ option, choice }) => [option.id, choice]));
  update(step, {
    prompts: [...step.state.prompts, { type: 'approval', requestId, toolUseId, input, approvalId, choices }],
  });
  const itemId = step.state.tools[toolUseId]?.itemId;
  const risk = toRisk(asks);
  step.reports.push({
    type: 'approval.requested',
    approvalId,
    turnId: ensureTurn(step, { isBackground: parent !== undefined }),
    ...(itemId === undefined ? {} : { itemId }),
    title: toLongTitle(tool, input, step.state.cwd),
    action: { kind: toToolKind(tool), tool, input },
    options: options.map(({ option }) => option),
    ...(risk === undefined ? {} : { risk }),
  });
}

function toOptions(asks: CanUseTool): readonly Option[] {
  if (asks.tool_name === 'ExitPlanMode') return PLAN_OPTIONS;
  const always = asks.suppress_always_allow_rule === true ? [] : toAlwaysOptions(asks.permission_suggestions ?? []);
  return [
    ALLOW,
    ...always.map(({ id, title, updates }): Option => {
      return { option: { id, title, kind: 'allow-always' }, choice: { behavior: 'allow', updates } };
    }),
    DENY,
  ];
}

function toRisk({ decision_reason: reason, decision_reason_type: type }: CanUseTool): Risk | undefined {
  if (reason === undefined || type === undefined) return undefined;
  if (type === 'safetyCheck') return { level: 'high', reasons: [reason] };
  return ['workingDir', 'classifier', 'sandboxOverride', 'hook'].includes(type)
    ? { level: 'medium', reasons: [reason] }
    : undefined;
}

/** A line to the agent that answers one of its requests. */
export interface ControlReply {
  requestId: string;
  response: unknown;
}

/** Takes an answer. Throws `approval-already-answered` when nothing waits for it, `invalid-input` for an option never offered. */
export function answerApproval(step: Step, answer: ApprovalAnswer): ControlReply {
  const prompt = step.state.prompts.find((open) => open.type === 'approval' && open.approvalId === answer.approvalId);
  if (prompt?.type !== 'approval') {
    throw new AppError('approval-already-answered', 'Cannot answer: the agent no longer waits for this approval');
  }
  const choice = prompt.choices[answer.option];
  if (choice === undefined) throw new AppError('invalid-input', `Cannot answer: there is no option "${answer.option}"`);
  close(step, prompt);
  if (choice.behavior === 'deny') {
    update(step, { denied: [...step.state.denied, prompt.toolUseId] });
    const note = answer.note?.trim() ?? '';
    return {
      requestId: prompt.requestId,
      response: { behavior: 'deny', message: note === '' ? choice.message : note },
    };
  }
  const updates = choice.updates.length === 0 ? {} : { updatedPermissions: choice.updates };
  // Older versions reject an answer without the input.
  return {
    requestId: prompt.requestId,
    response: { behavior: 'allow', updatedInput: answer.input ?? prompt.input, ...updates },
  };
}

export function close(step: Step, prompt: OpenPrompt): void {
  update(step, { prompts: step.state.prompts.filter((open) => open !== prompt) });
}
