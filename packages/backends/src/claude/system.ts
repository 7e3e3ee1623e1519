import type { EventOf } from '@baton/protocol';
import { update } from '../agent/step.ts';
import { applyCommands, applyInit, applyMode } from './ready.ts';
import type { Step } from './state.ts';
import { tellOnce } from './turn.ts';
import { reportUsage } from './usage.ts';
import type { SystemMessage } from './wire.ts';

/** What the agent says about itself rather than in the conversation. */
export function applySystem(step: Step, message: SystemMessage): void {
  switch (message.subtype) {
    case 'init':
      return applyInit(step, message);
    case 'status':
      return applyStatus(step, message);
    case 'commands_changed':
      return applyCommands(step, message.commands);
    case 'session_state_changed':
      return update(step, { isIdle: message.state === 'idle' });
    case 'task_started':
      return noteTask(step, message);
    case 'permission_denied':
      return update(step, { denied: [...step.state.denied, message.tool_use_id] });
    case 'api_retry':
      return tellRetry(step, message);
    default:
      return applyNews(step, message);
  }
}

type News = Exclude<
  SystemMessage,
  {
    subtype:
      | 'init'
      | 'status'
      | 'commands_changed'
      | 'session_state_changed'
      | 'task_started'
      | 'permission_denied'
      | 'api_retry';
  }
>;

function applyNews(step: Step, message: News): void {
  switch (message.subtype) {
    case 'compact_boundary':
      return applyCompaction(step, message.compact_metadata);
    case 'task_notification':
      return tellTask(step, message);
    case 'informational':
      return tellInformation(step, message);
    case 'notification':
      return message.priority === 'high' || message.priority === 'immediate'
        ? tell(step, 'info', message.text)
        : undefined;
    case 'local_command_output':
      return tell(step, 'info', message.content);
    case 'model_fallback':
    case 'model_refusal_fallback':
    case 'model_refusal_no_fallback':
      return tell(step, 'warning', message.content);
  }
}

function tell(step: Step, level: EventOf<'notice.raised'>['level'], text: string): void {
  if (text.trim() !== '') step.reports.push({ type: 'notice.raised', level, text: text.trim() });
}

function tellInformation(step: Step, { level, content }: Extract<SystemMessage, { subtype: 'informational' }>): void {
  if (level === 'warning') tell(step, 'warning', content);
  if (level === 'notice') tell(step, 'info', content);
}

function applyStatus(step: Step, message: Extract<SystemMessage, { subtype: 'status' }>): void {
  applyMode(step, message.permissionMode);
  if (message.status === 'compacting') tell(step, 'info', 'The conversation is being compacted.');
  if (message.compact_result === 'failed') {
    tell(step, 'warning', `The conversation could not be compacted: ${message.compact_error ?? 'no reason was given'}`);
  }
}

function noteTask(
  step: Step,
  { task_id: taskId, tool_use_id: toolUseId }: Extract<SystemMessage, { subtype: 'task_started' }>,
): void {
  if (toolUseId !== undefined) update(step, { tasks: { ...step.state.tasks, [taskId]: toolUseId } });
}

// A foreground task ends with its tool result; one whose call has returned long ago would end unseen.
function tellTask(step: Step, task: Extract<SystemMessage, { subtype: 'task_notification' }>): void {
  const toolUseId = task.tool_use_id ?? step.state.tasks[task.task_id];
  if (toolUseId === undefined || toolUseId in step.state.tools) return;
  const level = task.status === 'failed' ? 'warning' : 'info';
  tell(step, level, `Background work ${task.status}: ${(task.summary ?? task.task_id).slice(0, 500)}`);
}

function applyCompaction(
  step: Step,
  compacted: { trigger: string; pre_tokens: number; post_tokens?: number | undefined },
): void {
  const { trigger, pre_tokens: before, post_tokens: after } = compacted;
  const why = trigger === 'auto' ? ' because the window was full' : '';
  const how = after === undefined ? `${before} tokens before` : `${before} tokens became ${after}`;
  tell(step, 'info', `The conversation was compacted${why}: ${how}.`);
  if (after === undefined) return;
  update(step, { contextUsed: after });
  reportUsage(step);
}

function tellRetry(step: Step, retry: Extract<SystemMessage, { subtype: 'api_retry' }>): void {
  const cause = retry.error_status == null ? 'no connection' : `HTTP ${retry.error_status}`;
  const words = (retry.error ?? 'failed').replaceAll('_', ' ');
  tellOnce(
    step,
    `retry ${cause}`,
    `The model provider does not answer as it should (${words}, ${cause}). Trying again, up to ${retry.max_retries} times.`,
  );
}
