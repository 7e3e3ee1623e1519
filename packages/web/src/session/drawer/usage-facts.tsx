import type { SessionView } from '@baton/protocol';
import { formatCost, formatTokens } from '../figures.ts';
import { ContextGauge } from '../status/context-gauge.tsx';
import { FactList } from './drawer-section.tsx';

/** Tokens and money of the session so far, and how full the model's window is. */
export function UsageFacts({ view }: { view: SessionView }) {
  const { usage, context, costUsd } = view;
  const facts: [string, string][] = [];
  if (context !== undefined)
    facts.push(['In context', `${formatTokens(context.used)} of ${formatTokens(context.size)}`]);
  facts.push(['Tokens in', formatTokens(usage.inputTokens)], ['Tokens out', formatTokens(usage.outputTokens)]);
  if (usage.cacheReadTokens !== undefined) facts.push(['Read from cache', formatTokens(usage.cacheReadTokens)]);
  if (usage.cacheWriteTokens !== undefined) facts.push(['Written to cache', formatTokens(usage.cacheWriteTokens)]);
  if (costUsd !== undefined) facts.push(['Cost', formatCost(costUsd)]);
  return (
    <div className="flex flex-col gap-3">
      {context !== undefined && (
        <div className="text-sm text-ink-2">
          <ContextGauge context={context} wide />
        </div>
      )}
      <FactList facts={facts} />
    </div>
  );
}
