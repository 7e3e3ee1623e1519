import type { ApprovalView, EventOf, Item, RecordedEvent, ToolCallItem, Usage } from '@baton/protocol';
import { toDuration } from './duration.ts';
import type { Paint } from './paint.ts';
import { shorten, toPlainLine } from './plain-text.ts';

const WIDTH = 160;

/**
 * What one event looks like beside the agent's words, or nothing. Pure: the same event gives the same line.
 * The agent's messages are not in it; they are streamed.
 */
export function toEventLine({ event, at }: RecordedEvent, paint: Paint): string | undefined {
  switch (event.type) {
    case 'item.ended':
      return toItemLine(event.item, paint, at);
    case 'turn.queued':
      return paint('quiet', '· The prompt waits behind the running turn');
    case 'turn.requeued':
      return paint('quiet', `· ${toPlainLine(event.reason)}`);
    case 'turn.ended':
      return toTurnEnd(event, paint);
    case 'notice.raised':
      return paint(event.level === 'error' ? 'bad' : 'quiet', `· ${toPlainLine(event.text)}`);
    case 'agent.exited':
      if (event.expected) return undefined;
      return paint('bad', `✗ ${toPlainLine(event.failure?.message ?? 'The agent process ended unexpectedly')}`);
    case 'approval.answered':
      return paint('quiet', `· Answered "${toPlainLine(event.option)}" by ${toPlainLine(event.by)}`);
    case 'approval.withdrawn':
    case 'question.withdrawn':
      return paint('quiet', `· No answer is needed any more: ${toPlainLine(event.reason)}`);
    case 'plan.updated':
      return toPlanLine(event, paint);
    default:
      return undefined;
  }
}

function toItemLine(item: Item, paint: Paint, endedAt: string): string | undefined {
  if (item.type === 'tool-call') return toToolLine(item, paint, endedAt);
  if (item.type === 'error') return paint('bad', `✗ ${toPlainLine(item.message)}`);
  return undefined;
}

/** One line for a tool call: what became of it, what it was, how long it took. */
export function toToolLine(item: ToolCallItem, paint: Paint, at: string): string {
  const took = Date.parse(item.endedAt ?? at) - Date.parse(item.startedAt);
  const duration = took >= 1000 ? paint('quiet', `  ${toDuration(took)}`) : '';
  const title = shorten(toPlainLine(item.title || item.tool), WIDTH);
  switch (item.status) {
    case 'completed':
      return `${paint('good', '✓')} ${title}${toChanges(item, paint)}${duration}`;
    case 'failed':
      return `${paint('bad', '✗')} ${title}${duration}${paint('quiet', toFirstWords(item))}`;
    case 'denied':
      return `${paint('bad', '✗')} ${title}  ${paint('quiet', 'denied')}`;
    case 'interrupted':
      return `${paint('quiet', '–')} ${title}  ${paint('quiet', 'interrupted')}`;
    case 'pending':
    case 'running':
      return `${paint('quiet', '·')} ${title}`;
  }
}

function toChanges({ output }: ToolCallItem, paint: Paint): string {
  const diffs = output?.filter((part) => part.type === 'diff') ?? [];
  if (diffs.length === 0) return '';
  const added = diffs.reduce((sum, diff) => sum + diff.added, 0);
  const removed = diffs.reduce((sum, diff) => sum + diff.removed, 0);
  return `  ${paint('good', `+${added}`)} ${paint('bad', `-${removed}`)}`;
}

function toFirstWords({ output }: ToolCallItem): string {
  const part = output?.find((each) => each.type === 'text' || each.type === 'terminal');
  const line = part?.text.trim().split('\n', 1)[0] ?? '';
  return line === '' ? '' : `  ${shorten(toPlainLine(line), 100)}`;
}

function toPlanLine({ entries }: EventOf<'plan.updated'>, paint: Paint): string {
  const done = entries.filter(({ status }) => status === 'completed').length;
  const now = entries.find(({ status }) => status === 'in-progress');
  const doing = now === undefined ? '' : `: ${shorten(toPlainLine(now.title), 100)}`;
  return paint('quiet', `· Plan ${done}/${entries.length}${doing}`);
}

function toTurnEnd(event: EventOf<'turn.ended'>, paint: Paint): string {
  const facts = [toDuration(event.durationMs), toTokens(event.usage), toCost(event.costUsd)].filter(
    (fact) => fact !== '',
  );
  const summary = paint('quiet', facts.join(' · '));
  switch (event.outcome) {
    case 'completed':
      return `${paint('good', '✓')} ${summary}`;
    case 'interrupted':
      return `${paint('quiet', '– Interrupted')}  ${summary}`;
    case 'failed':
      return `${paint('bad', `✗ ${toPlainLine(event.error?.message ?? 'The turn failed')}`)}  ${summary}`;
  }
}

function toTokens(usage: Usage | undefined): string {
  return usage === undefined ? '' : `${usage.inputTokens + usage.outputTokens} tokens`;
}

function toCost(costUsd: number | undefined): string {
  return costUsd === undefined ? '' : `$${costUsd.toFixed(costUsd < 0.01 ? 4 : 2)}`;
}

/** What an approval is about: the real command or path, its risk, and what can be answered. */
export function toApprovalLines(
  approval: Omit<ApprovalView, 'id' | 'sessionId' | 'state' | 'requestedAt'>,
  paint: Paint,
): string[] {
  const { title, action, risk, options } = approval;
  const reasons =
    risk === undefined || risk.reasons.length === 0 ? '' : `: ${risk.reasons.map(toPlainLine).join(', ')}`;
  const risks =
    risk === undefined ? [] : [paint(risk.level === 'high' ? 'bad' : 'quiet', `  risk ${risk.level}${reasons}`)];
  return [
    `${paint('ask', '?')} ${paint('strong', toPlainLine(title))}  ${paint('quiet', toPlainLine(action.tool))}`,
    ...toInputLines(action.input),
    ...risks,
    ...options.map((option, index) => `  ${paint('accent', `${index + 1}`)} ${toPlainLine(option.title)}`),
  ];
}

const MOST_LINES = 40;
const MOST_CHARACTERS = 2000;

// The whole input, since the answer is given to it; a long one is cut, and says so. Every line of it stands behind a bar,
// so that none can pass for a line of ours.
function toInputLines(input: unknown): string[] {
  if (typeof input !== 'object' || input === null) return [];
  return Object.entries(input).flatMap(([name, value]) => {
    const whole = typeof value === 'string' ? value.trimEnd() : (JSON.stringify(value) ?? '');
    const lines = whole.slice(0, MOST_CHARACTERS).split('\n').slice(0, MOST_LINES);
    const left = whole.length - lines.join('\n').length;
    const cut = left > 0 ? [`  (${left} more characters)`] : [];
    const [only] = lines;
    if (lines.length === 1 && only !== undefined) return [`  ${toPlainLine(name)}: ${toPlainLine(only)}`, ...cut];
    return [`  ${toPlainLine(name)}:`, ...lines.map((line) => `  │ ${toPlainLine(line)}`), ...cut];
  });
}
