import type { ReactNode } from 'react';
import { CopyButton } from '../../ui/copy-button.tsx';
import { cx } from '../../ui/cx.ts';

export interface OutputFrameProps {
  copy?: string | (() => string);
  copyLabel?: string;
  className?: string;
  children: ReactNode;
}

/** The sunken ground on which outputs stand, with a button that copies them. */
export function OutputFrame({ copy, copyLabel = 'Copy output', className, children }: OutputFrameProps) {
  return (
    <div className={cx('group/frame relative overflow-hidden rounded-md border border-line bg-sunken', className)}>
      {children}
      {copy !== undefined && (
        <div className="absolute top-1 right-1 rounded-md bg-sunken opacity-0 transition-opacity duration-100 group-focus-within/frame:opacity-100 group-hover/frame:opacity-100 coarse:opacity-100">
          <CopyButton text={copy} label={copyLabel} />
        </div>
      )}
    </div>
  );
}
