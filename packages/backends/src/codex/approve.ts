import type { ApprovalAnswer } from '@baton/core';
import { AppError, type ApprovalOption, type ItemId, type Risk, type ToolKind } from '@baton/protocol';
import { cutStrings } from '../agent/cut.ts';
import { update } from '../agent/step.ts';
import { toCommandText } from './command-text.ts';
import { type Choice, type OpenPrompt, type Step, toKey } from './state.ts';
import { ensureTurn } from './turn.ts';
import type { RequestId, ServerRequest } from './wire.ts';

interface Option {
  option: ApprovalOption;
  choice: Choice;
}

interface Ask {
  requestId: RequestId;
  threadId: string;
  /** Codex's id of the item that waits. */
  foreignId: string | undefined;
  title: string;
  action: { kind: ToolKind; tool: string; input: unknown };
  options: readonly Option[];
  risk?: Risk | undefined;
}

type Of<M extends ServerRequest['method']> = Extract<ServerRequest, { method: M }>['params'];

const allow = (result: unknown): Option => ({
  option: { id: 'allow', title: 'Allow', kind: 'allow-once' },
  choice: { result, isDenial: false },
});
const always = (title: string, result: unknown, id = 'always'): Option => ({
  option: { id, title, kind: 'allow-always' },
  choice: { result, isDenial: false },
});
const deny = (result: unknown): Option => ({
  option: { id: 'deny', title: 'Deny', kind: 'deny-once', takesNote: true },
  choice: { result, isDenial: true },
});

// A rule that Codex would write for a whole class of commands is not offered: it would hold for all conversations, unseen.
const decisions = (title: string): readonly Option[] => [
  allow({ decision: 'accept' }),
  always(title, { decision: 'acceptForSession' }),
  deny({ decision: 'decline' }),
];

export function askCommand(
  step: Step,
  requestId: RequestId,
  { threadId, itemId, command, cwd, reason, ...more }: Of<'item/commandExecution/requestApproval'>,
): void {
  const script = command == null ? undefined : toCommandText(command);
  const host = more.networkApprovalContext?.host;
  const known = step.state.tools[toKey(threadId, itemId)]?.item.title;
  const title = host === undefined ? (script ?? known ?? 'Run a command') : `Reach ${host} over the network`;
  const input = {
    ...(script === undefined ? {} : { command: cutStrings(script) }),
    ...(cwd == null ? {} : { cwd }),
    ...(more.additionalPermissions == null ? {} : { permissions: more.additionalPermissions }),
  };
  ask(step, {
    ...{ requestId, threadId, foreignId: itemId, title },
    action: { kind: 'execute', tool: 'exec_command', input },
    options: decisions(
      host === undefined ? 'Always allow this command in this session' : `Always allow ${host} in this session`,
    ),
    risk: toRisk(reason),
  });
}

export function askFileChange(
  step: Step,
  requestId: RequestId,
  { threadId, itemId, reason, grantRoot }: Of<'item/fileChange/requestApproval'>,
): void {
  const item = step.state.tools[toKey(threadId, itemId)]?.item;
  ask(step, {
    ...{ requestId, threadId, foreignId: itemId, title: item?.title ?? 'Edit files' },
    action: { kind: item?.kind ?? 'edit', tool: 'apply_patch', input: item?.input ?? {} },
    options: decisions(
      grantRoot == null
        ? 'Always allow changes of these files in this session'
        : `Always allow changes in ${grantRoot} in this session`,
    ),
    risk: toRisk(reason),
  });
}

export function askPermissions(
  step: Step,
  requestId: RequestId,
  { threadId, itemId, reason, permissions }: Of<'item/permissions/requestApproval'>,
): void {
  const granted = Object.fromEntries(Object.entries(permissions).filter(([, value]) => value != null));
  ask(step, {
    ...{ requestId, threadId, foreignId: itemId, title: toPermissionTitle(granted) },
    action: { kind: 'other', tool: 'request_permissions', input: granted },
    options: [
      allow({ permissions: granted, scope: 'turn' }),
      always('Allow for this session', { permissions: granted, scope: 'session' }),
      deny({ permissions: {}, scope: 'turn' }),
    ],
    risk: toRisk(reason),
  });
}

function toPermissionTitle({ network, fileSystem }: Readonly<Record<string, unknown>>): string {
  const wishes = [
    ...(network === undefined ? [] : ['use the network']),
    ...(fileSystem === undefined ? [] : [`reach files outside its folder: ${JSON.stringify(fileSystem)}`]),
  ];
  return `Allow the agent to ${wishes.join(' and ') || 'do more'}`;
}

export function askMcpTool(step: Step, requestId: RequestId, params: Of<'mcpServer/elicitation/request'>): void {
  const { threadId, serverName, message, _meta: meta } = params;
  const tool = meta?.tool_name ?? 'tool';
  const answer = (action: string, persist?: string) => ({
    action,
    content: action === 'accept' ? {} : null,
    _meta: persist === undefined ? null : { persist },
  });
  const waiting = Object.values(step.state.tools).find(
    (open) => open.threadId === threadId && open.item.tool === `mcp__${serverName}__${tool}`,
  );
  const persist = meta?.persist ?? [];
  ask(step, {
    ...{ requestId, threadId, foreignId: waiting?.foreignId },
    title: message === '' ? `Run ${tool} of ${serverName}` : message,
    action: { kind: 'mcp', tool: `mcp__${serverName}__${tool}`, input: cutStrings(meta?.tool_params ?? {}) },
    options: [
      allow(answer('accept')),
      ...(persist.includes('session')
        ? [always(`Always allow ${tool} in this session`, answer('accept', 'session'))]
        : []),
      ...(persist.includes('always')
        ? [always(`Always allow ${tool}`, answer('accept', 'always'), 'always-everywhere')]
        : []),
      deny(answer('decline')),
    ],
  });
}

// The agent's reason to go beyond its sandbox.
function toRisk(reason: string | null | undefined): Risk | undefined {
  return reason == null || reason === '' ? undefined : { level: 'medium', reasons: [reason] };
}

function ask(step: Step, { requestId, threadId, foreignId, title, action, options, risk }: Ask): void {
  const approvalId = step.context.createId('approval');
  const choices = Object.fromEntries(options.map(({ option, choice }) => [option.id, choice]));
  const key = foreignId === undefined ? undefined : toKey(threadId, foreignId);
  const turn = ensureTurn(step);
  update(step, { prompts: [...step.state.prompts, { type: 'approval', requestId, key, approvalId, choices }] });
  step.reports.push({
    type: 'approval.requested',
    approvalId,
    turnId: turn,
    ...toItem(step, key),
    title,
    action,
    options: options.map(({ option }) => option),
    ...(risk === undefined ? {} : { risk }),
  });
}

export function toItem(step: Step, key: string | undefined): { itemId?: ItemId } {
  const itemId = key === undefined ? undefined : step.state.tools[key]?.itemId;
  return itemId === undefined ? {} : { itemId };
}

/** The answer to one of the agent's requests, and what to tell it besides. */
export interface Reply {
  requestId: RequestId;
  result: unknown;
  note?: string;
}

/** Takes an answer. Throws `approval-already-answered` when nothing waits for it, `invalid-input` for an option never offered. */
export function answerApproval(step: Step, answer: ApprovalAnswer): Reply {
  const prompt = step.state.prompts.find((open) => open.type === 'approval' && open.approvalId === answer.approvalId);
  if (prompt?.type !== 'approval') {
    throw new AppError('approval-already-answered', 'Cannot answer: the agent no longer waits for this approval');
  }
  const choice = prompt.choices[answer.option];
  if (choice === undefined) throw new AppError('invalid-input', `Cannot answer: there is no option "${answer.option}"`);
  close(step, prompt);
  const { requestId, key } = prompt;
  if (!choice.isDenial) return { requestId, result: choice.result };
  if (key !== undefined) update(step, { denied: [...step.state.denied, key] });
  const note = answer.note?.trim() ?? '';
  return {
    requestId,
    result: choice.result,
    ...(note === '' ? {} : { note: `The user declined this, and says: ${note}` }),
  };
}

export function close(step: Step, prompt: OpenPrompt): void {
  update(step, { prompts: step.state.prompts.filter((open) => open !== prompt) });
}
