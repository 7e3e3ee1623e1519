import { useId, type ReactNode } from 'react';
import { cx } from './cx.ts';

export interface SegmentedProps<V extends string> {
  label: string;
  labelHidden?: boolean;
  value: V;
  onChange(value: V): void;
  options: readonly { value: V; title: string; icon?: ReactNode }[];
}

/** One of a few, all in sight. Radio buttons underneath, so arrows and screen readers work. */
export function Segmented<V extends string>({
  label,
  labelHidden = false,
  value,
  onChange,
  options,
}: SegmentedProps<V>) {
  const name = useId();
  return (
    <fieldset className="min-w-0">
      <legend className={labelHidden ? 'sr-only' : 'mb-1 text-sm font-medium text-ink-2'}>{label}</legend>
      <div className="inline-flex flex-wrap rounded-md border border-line bg-sunken p-0.5">
        {options.map((option) => (
          <label
            key={option.value}
            className={cx(
              'touch relative inline-flex h-7 items-center gap-1.5 rounded-sm border px-2.5 text-sm whitespace-nowrap select-none coarse:h-10',
              'has-focus-visible:outline-2 has-focus-visible:outline-offset-1 has-focus-visible:outline-accent',
              option.value === value
                ? 'border-line-strong bg-raised font-medium text-ink'
                : 'border-transparent text-ink-2 hover:text-ink',
            )}
          >
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
              className="sr-only"
            />
            {option.icon}
            {option.title}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
