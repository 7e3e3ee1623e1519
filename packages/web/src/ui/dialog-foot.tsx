import { CircleAlert } from 'lucide-react';
import type { ReactNode, Ref } from 'react';
import { Button } from './button.tsx';

export interface DialogFootProps {
  onCancel(): void;
  /** The words of the button that changes nothing, where they can say more than "Cancel", such as "Keep session". */
  cancel?: string;
  /** For a dialog that asks before something is lost: the keyboard begins on the button that keeps it. */
  cancelRef?: Ref<HTMLButtonElement>;
  /** Why what was asked did not happen. */
  problem?: string | undefined;
  /** What is awaited, in words, while nothing is wrong. */
  status?: string | undefined;
  /** The button that does it. */
  children: ReactNode;
}

/** The foot of every dialog that can be left without a change: what went wrong, the way out, and at the end the way on. */
export function DialogFoot({ onCancel, cancel = 'Cancel', cancelRef, problem, status, children }: DialogFootProps) {
  return (
    <div className="flex min-w-0 flex-1 flex-wrap items-center gap-x-3 gap-y-2">
      {problem !== undefined && (
        <p
          role="alert"
          className="flex min-w-0 basis-full items-start gap-1.5 text-sm text-failed wrap-anywhere wide:flex-1 wide:basis-0"
        >
          <CircleAlert size={14} className="mt-0.5 shrink-0" aria-hidden="true" />
          <span className="min-w-0">{problem}</span>
        </p>
      )}
      {problem === undefined && status !== undefined && (
        <p role="status" className="min-w-0 basis-full text-sm text-ink-2 wide:flex-1 wide:basis-0">
          {status}
        </p>
      )}
      <div className="ml-auto flex max-w-full flex-wrap justify-end gap-2 coarse:gap-y-4">
        <Button ref={cancelRef} onClick={onCancel}>
          {cancel}
        </Button>
        {children}
      </div>
    </div>
  );
}
