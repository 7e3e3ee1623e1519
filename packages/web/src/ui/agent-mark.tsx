import { type CSSProperties, useState } from 'react';
import { cx } from './cx.ts';

// Letter and hue of the agents we know; any other gets its first letter and a hue made of its name.
const MARKS: Record<string, { letter: string; hue: number; chroma: number }> = {
  claude: { letter: 'C', hue: 42, chroma: 1 },
  codex: { letter: 'X', hue: 84, chroma: 0.12 },
  gemini: { letter: 'G', hue: 256, chroma: 1 },
  opencode: { letter: 'O', hue: 112, chroma: 0.9 },
  worker: { letter: 'W', hue: 194, chroma: 0.9 },
  goose: { letter: 'g', hue: 340, chroma: 0.8 },
  acp: { letter: 'A', hue: 150, chroma: 0.9 },
};

/** The letter and colour of an agent's mark; the same id always gives the same. */
export function toAgentMark(backend: string): { letter: string; hue: number; chroma: number } {
  const known = MARKS[backend];
  if (known !== undefined) return known;
  let sum = 0;
  for (const char of backend) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) % 360;
  return { letter: (backend[0] ?? '?').toUpperCase(), hue: sum, chroma: 0.8 };
}

export interface AgentMarkProps {
  backend: string;
  /** One or two letters, or a picture as a `data:` address, instead of the agent's first letter. */
  icon?: string | undefined;
  size?: 'sm' | 'md' | 'lg';
  /** A scripted rehearsal, not a model: the edge is dashed. */
  rehearsal?: boolean;
  className?: string;
}

const SIZES = {
  sm: 'size-4 text-[0.6875rem] rounded-sm',
  md: 'size-6 text-xs rounded-md',
  lg: 'size-8 text-base rounded-md',
};

/** The small mark of an agent. Decoration: its name stands beside it or in the control's label. */
export function AgentMark({ backend, icon, size = 'md', rehearsal = false, className }: AgentMarkProps) {
  const { letter, hue, chroma } = toAgentMark(backend);
  const [broken, setBroken] = useState<string>();
  const isPicture = icon?.startsWith('data:') === true;
  // As an image, where an SVG can run nothing and load nothing. One that is none leaves the letter.
  if (isPicture && broken !== icon) {
    return (
      <img
        src={icon}
        alt=""
        aria-hidden="true"
        onError={() => setBroken(icon)}
        className={cx('shrink-0 object-contain', SIZES[size], className)}
      />
    );
  }
  const style = {
    '--mark-ground': `light-dark(oklch(0.915 ${0.042 * chroma} ${hue}), oklch(0.34 ${0.052 * chroma} ${hue}))`,
    '--mark-ink': `light-dark(oklch(0.385 ${0.086 * chroma} ${hue}), oklch(0.895 ${0.062 * chroma} ${hue}))`,
  } as CSSProperties;
  return (
    <span
      aria-hidden="true"
      style={style}
      className={cx(
        'inline-flex shrink-0 items-center justify-center bg-(--mark-ground) leading-none font-semibold text-(--mark-ink) select-none',
        SIZES[size],
        rehearsal && 'border border-dashed border-(--mark-ink)',
        className,
      )}
    >
      {icon === undefined || isPicture ? letter : <span className={icon.length > 1 ? 'text-[0.8em]' : ''}>{icon}</span>}
    </span>
  );
}
