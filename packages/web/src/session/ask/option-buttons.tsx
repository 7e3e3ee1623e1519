import type { ApprovalOption } from '@baton/protocol';
import type { Ref } from 'react';
import { Button, type ButtonVariant } from '../../ui/button.tsx';

export interface OptionButtonsProps {
  options: readonly ApprovalOption[];
  disabled: boolean;
  /** On the button that allows once: the one that Enter may mean. */
  onceRef: Ref<HTMLButtonElement>;
  onChoose(option: ApprovalOption): void;
}

const VARIANTS: Record<ApprovalOption['kind'], ButtonVariant> = {
  'allow-once': 'secondary',
  'allow-always': 'secondary',
  'deny-once': 'secondary',
  'deny-always': 'danger',
};

/** The agent's own options, in its own order, each with its key. */
export function OptionButtons({ options, disabled, onceRef, onChoose }: OptionButtonsProps) {
  const once = options.findIndex((option) => option.kind === 'allow-once');
  return (
    <div className="flex flex-col gap-2 wide:flex-row wide:flex-wrap">
      {options.map((option, index) => (
        <Button
          key={option.id}
          ref={index === once ? onceRef : undefined}
          variant={index === once ? 'primary' : VARIANTS[option.kind]}
          keyHint={index < 9 ? String(index + 1) : undefined}
          disabled={disabled}
          onClick={() => onChoose(option)}
          className="h-auto! min-h-8 max-w-full shrink! py-1 wrap-anywhere whitespace-normal! coarse:min-h-11"
        >
          {option.title}
        </Button>
      ))}
    </div>
  );
}
