import { useState } from 'react';
import { cx } from './cx.ts';
import { Dialog } from './dialog.tsx';

export interface ZoomImageProps {
  src: string;
  /** What it is, such as "Attached, 1 of 2". */
  alt: string;
  /** Of the small one. */
  className: string;
}

/** An image that is shown large when it is pressed. */
export function ZoomImage({ src, alt, className }: ZoomImageProps) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
        className="max-w-full shrink-0 cursor-zoom-in rounded-lg"
      >
        <img src={src} alt={alt} className={cx('block', className)} />
      </button>
      {open && (
        <Dialog open onOpenChange={setOpen} title={alt} size="xl">
          <img src={src} alt={alt} className="mx-auto block max-w-full px-4 pb-4" />
        </Dialog>
      )}
    </>
  );
}
