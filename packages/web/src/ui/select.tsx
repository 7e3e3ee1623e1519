import { Select as Base } from '@base-ui/react/select';
import { Check, ChevronsUpDown } from 'lucide-react';
import { useId } from 'react';
import { cx } from './cx.ts';
import { POPUP } from './menu.tsx';

export interface SelectOption {
  value: string;
  title: string;
  description?: string | undefined;
}

export interface SelectProps {
  label: string;
  /** Hidden labels are still read out. */
  labelHidden?: boolean;
  value: string;
  onChange(value: string): void;
  options: readonly SelectOption[];
  disabled?: boolean;
  className?: string;
}

export function Select({
  label,
  labelHidden = false,
  value,
  onChange,
  options,
  disabled = false,
  className,
}: SelectProps) {
  const labelId = useId();
  return (
    <div className={cx('min-w-0', className)}>
      <span id={labelId} className={labelHidden ? 'sr-only' : 'mb-1 block text-sm font-medium text-ink-2'}>
        {label}
      </span>
      <Base.Root
        value={value}
        onValueChange={(next: string | null) => next !== null && onChange(next)}
        items={options.map((option) => ({ value: option.value, label: option.title }))}
        disabled={disabled}
      >
        <Base.Trigger
          aria-labelledby={labelId}
          className="touch flex h-8 coarse:h-11 w-full min-w-0 items-center gap-2 rounded-md border border-line-control bg-surface px-2.5 text-ui hover:bg-hover data-disabled:opacity-45"
        >
          <Base.Value className="min-w-0 flex-1 truncate text-left" />
          <Base.Icon className="text-ink-3">
            <ChevronsUpDown size={14} strokeWidth={1.75} />
          </Base.Icon>
        </Base.Trigger>
        <Base.Portal>
          <Base.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-50">
            <Base.Popup className={cx(POPUP, 'min-w-(--anchor-width) max-w-96')}>
              {options.map((option) => (
                <SelectItem key={option.value} option={option} />
              ))}
            </Base.Popup>
          </Base.Positioner>
        </Base.Portal>
      </Base.Root>
    </div>
  );
}

function SelectItem({ option }: { option: SelectOption }) {
  return (
    <Base.Item
      value={option.value}
      className="flex min-h-8 items-center gap-2 rounded-md px-2 py-1 outline-none select-none data-highlighted:bg-hover coarse:min-h-11"
    >
      <span className="min-w-0 flex-1">
        <Base.ItemText className="block truncate">{option.title}</Base.ItemText>
        {option.description !== undefined && <span className="block text-xs text-ink-3">{option.description}</span>}
      </span>
      <Base.ItemIndicator className="text-accent">
        <Check size={16} strokeWidth={1.75} />
      </Base.ItemIndicator>
    </Base.Item>
  );
}
