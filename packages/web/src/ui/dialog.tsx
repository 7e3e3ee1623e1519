import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { useRef, type ReactNode, type RefObject } from 'react';
import { cx } from './cx.ts';
import { IconButton } from './icon-button.tsx';

export interface DialogProps {
  open: boolean;
  onOpenChange(open: boolean): void;
  title: ReactNode;
  /** Hidden titles are still read out. */
  titleHidden?: boolean;
  description?: ReactNode;
  /** Stays in sight under the scrolling body. */
  footer?: ReactNode;
  size?: 'sm' | 'md' | 'lg' | 'xl';
  /** Default: the dialog itself, so that its title is read and no button is pressed by accident. */
  initialFocus?: RefObject<HTMLElement | null>;
  onClosed?: () => void;
  children?: ReactNode;
}

const WIDTHS = { sm: 'wide:max-w-104', md: 'wide:max-w-140', lg: 'wide:max-w-180', xl: 'wide:max-w-[100rem]' };

/** A modal question or form: in the middle on a desktop, a sheet from the foot on a phone. */
export function Dialog(props: DialogProps) {
  const { open, onOpenChange, title, titleHidden = false, description, footer, size = 'md' } = props;
  const popup = useRef<HTMLDivElement>(null);
  return (
    <Base.Root
      open={open}
      onOpenChange={(next) => onOpenChange(next)}
      onOpenChangeComplete={(next) => next || props.onClosed?.()}
    >
      <Base.Portal>
        <Base.Backdrop className="fade fixed inset-0 z-40 bg-scrim" />
        <Base.Popup
          ref={popup}
          initialFocus={props.initialFocus ?? popup}
          className={cx(
            'rise fixed z-40 flex flex-col overflow-hidden border-line bg-raised text-ink shadow-float outline-none',
            'inset-x-0 bottom-0 max-h-[92dvh] rounded-t-xl border-t',
            'wide:inset-x-4 wide:top-[10dvh] wide:bottom-auto wide:mx-auto wide:max-h-[80dvh] wide:rounded-lg wide:border',
            WIDTHS[size],
          )}
        >
          <div className={cx('flex items-start gap-3 px-4 pt-3 pb-2', titleHidden && 'sr-only')}>
            <div className="min-w-0 flex-1 py-1">
              <Base.Title className="text-md font-semibold">{title}</Base.Title>
              {description !== undefined && (
                <Base.Description className="mt-0.5 text-sm text-pretty text-ink-2">{description}</Base.Description>
              )}
            </div>
            <Base.Close render={<IconButton label="Close" keyHint="Escape" icon={<X size={16} />} />} />
          </div>
          <div className="scroll-thin min-h-0 flex-1 overflow-y-auto">{props.children}</div>
          {footer === undefined ? (
            <div className="safe-bottom" />
          ) : (
            <div className="safe-bottom border-t border-line bg-surface">
              <div className="flex items-center gap-2 px-4 py-3">{footer}</div>
            </div>
          )}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
