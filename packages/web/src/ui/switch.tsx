import { useId, type ReactNode } from 'react';

export interface SwitchProps {
  label: string;
  description?: ReactNode;
  checked: boolean;
  onChange(checked: boolean): void;
  disabled?: boolean;
}

/** On or off, at once. The knob's place and the word for screen readers both say which. */
export function Switch({ label, description, checked, onChange, disabled = false }: SwitchProps) {
  const id = useId();
  return (
    <div className="flex min-h-8 items-start gap-3 coarse:min-h-11">
      <div className="min-w-0 flex-1">
        <label htmlFor={id} className="block font-medium">
          {label}
        </label>
        {description !== undefined && (
          <p id={`${id}-note`} className="mt-0.5 text-sm text-ink-3">
            {description}
          </p>
        )}
      </div>
      <input
        id={id}
        type="checkbox"
        role="switch"
        checked={checked}
        aria-checked={checked}
        disabled={disabled}
        aria-describedby={description === undefined ? undefined : `${id}-note`}
        onChange={(event) => onChange(event.target.checked)}
        className="touch relative mt-0.5 h-5 w-8.5 shrink-0 appearance-none rounded-full border border-line-control bg-sunken transition-colors duration-100 before:absolute before:top-1/2 before:left-0.5 before:size-3.5 before:-translate-y-1/2 before:rounded-full before:bg-line-control before:transition-transform before:duration-100 checked:border-accent checked:bg-accent checked:before:translate-x-3.5 checked:before:bg-accent-ink disabled:opacity-45"
      />
    </div>
  );
}
