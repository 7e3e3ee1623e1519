import { Menu as Base } from '@base-ui/react/menu';
import { Check } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';
import { cx } from './cx.ts';
import { Kbd } from './kbd.tsx';

export interface MenuProps {
  /** The button that opens it; it must take a ref and spread its props. */
  trigger: ReactElement;
  children: ReactNode;
  side?: 'top' | 'bottom' | 'left' | 'right';
  align?: 'start' | 'center' | 'end';
  /** Open from the first moment, for a menu that is loaded by the press that opens it. */
  defaultOpen?: boolean;
}

export const POPUP =
  'pop scroll-thin max-h-(--available-height) min-w-44 overflow-y-auto rounded-lg border border-line bg-raised p-1 text-ui text-ink shadow-float outline-none';

const ITEM =
  'flex min-h-8 w-full items-center gap-2 rounded-md px-2 outline-none select-none data-highlighted:bg-hover data-disabled:opacity-45 coarse:min-h-11';

export function Menu({ trigger, children, side = 'bottom', align = 'start', defaultOpen = false }: MenuProps) {
  return (
    <Base.Root defaultOpen={defaultOpen}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner side={side} align={align} sideOffset={4} className="z-50">
          <Base.Popup className={POPUP}>{children}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

export interface MenuItemProps {
  onSelect(): void;
  children: ReactNode;
  icon?: ReactNode;
  keyHint?: string;
  danger?: boolean;
  disabled?: boolean;
}

export function MenuItem({ onSelect, children, icon, keyHint, danger = false, disabled = false }: MenuItemProps) {
  return (
    <Base.Item onClick={onSelect} disabled={disabled} className={cx(ITEM, danger && 'text-failed')}>
      {icon !== undefined && <span className="flex size-4 items-center justify-center text-ink-3">{icon}</span>}
      <span className="min-w-0 flex-1 truncate">{children}</span>
      {keyHint !== undefined && <Kbd keys={keyHint} className="coarse:hidden" />}
    </Base.Item>
  );
}

export interface MenuChoiceProps {
  value: string;
  onChange(value: string): void;
  options: readonly { value: string; title: string; description?: string | undefined }[];
  label: string;
}

/** One of several inside a menu, such as the model or the mode. */
export function MenuChoice({ value, onChange, options, label }: MenuChoiceProps) {
  return (
    <Base.Group>
      <MenuLabel>{label}</MenuLabel>
      <Base.RadioGroup value={value} onValueChange={(next: unknown) => typeof next === 'string' && onChange(next)}>
        {options.map((option) => (
          <Base.RadioItem key={option.value} value={option.value} closeOnClick className={cx(ITEM, 'py-1')}>
            <span className="min-w-0 flex-1">
              <span className="block truncate">{option.title}</span>
              {option.description !== undefined && (
                <span className="block max-w-64 text-xs text-ink-3">{option.description}</span>
              )}
            </span>
            <Base.RadioItemIndicator className="text-accent">
              <Check size={16} strokeWidth={1.75} />
            </Base.RadioItemIndicator>
          </Base.RadioItem>
        ))}
      </Base.RadioGroup>
    </Base.Group>
  );
}

/** Only inside a `MenuChoice` or a group. */
function MenuLabel({ children }: { children: ReactNode }) {
  return <Base.GroupLabel className="px-2 pt-1.5 pb-1 text-xs text-ink-3">{children}</Base.GroupLabel>;
}

export function MenuSeparator() {
  return <Base.Separator className="my-1 h-px bg-line" />;
}
