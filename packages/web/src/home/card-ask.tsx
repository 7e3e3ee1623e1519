import type { ApprovalView, QuestionView } from '@baton/protocol';
import { Badge } from '../ui/badge.tsx';
import { toSeenText } from '../ui/seen-text.ts';
import { toAskWords } from './ask-words.ts';

const RISK_TONES = { low: 'neutral', medium: 'waiting', high: 'failed' } as const;

/** What a session waits for, in the agent's own words: the real command, or the question. */
export function CardAsk({ ask, more }: { ask: ApprovalView | QuestionView; more: number }) {
  const isApproval = 'approvalId' in ask;
  const risk = isApproval ? ask.risk : undefined;
  return (
    <div className="rounded-md bg-waiting-soft px-2.5 py-2">
      <div className="mb-1 flex h-5 items-center gap-2 text-xs font-medium text-waiting">
        {isApproval ? toAskWords(ask.action.kind) : 'Asks you'}
        {more > 0 && <span className="font-normal">and {more} more</span>}
        {risk !== undefined && risk.level !== 'low' && (
          <Badge tone={RISK_TONES[risk.level]} className="ml-auto">
            {risk.level === 'high' ? 'High risk' : 'Some risk'}
          </Badge>
        )}
      </div>
      {isApproval ? (
        <code className="line-clamp-2 text-xs leading-4.5 wrap-anywhere text-ink">{toSeenText(ask.title)}</code>
      ) : (
        <p className="line-clamp-2 text-sm leading-4.5 text-ink">{ask.questions[0]?.question}</p>
      )}
    </div>
  );
}
