import type { ContextWindow } from '@baton/protocol';
import { cx } from '../../ui/cx.ts';
import { formatTokens } from '../figures.ts';
import { isNearlyFull, toPercent } from './context-share.ts';

/** How full the model's window is: a bar, its share, and the figures on hover. */
export function ContextGauge({ context, wide = false }: { context: ContextWindow; wide?: boolean }) {
  const percent = toPercent(context);
  const isTight = isNearlyFull(context);
  const words = `${formatTokens(context.used)} of ${formatTokens(context.size)} tokens of context used`;
  return (
    <span
      title={words}
      className={cx(
        'tabular inline-flex items-center gap-1.5 whitespace-nowrap',
        wide && 'w-full',
        isTight && 'text-waiting',
      )}
    >
      <span
        role="meter"
        aria-label="Context used"
        aria-valuenow={percent}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuetext={words}
        className={cx('h-1.5 overflow-hidden rounded-full bg-line-strong', wide ? 'flex-1' : 'w-10')}
      >
        <span
          className={cx('block h-full rounded-full', isTight ? 'bg-waiting' : 'bg-ink-3')}
          style={{ width: `${percent}%` }}
        />
      </span>
      {percent} %{isTight && <span className="font-medium">context</span>}
    </span>
  );
}
