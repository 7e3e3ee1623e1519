import { CircleAlert } from 'lucide-react';
import { useId, type ComponentProps, type ReactNode } from 'react';
import { cx } from './cx.ts';

export interface TextFieldProps extends Omit<ComponentProps<'input'>, 'size'> {
  label: string;
  /** Hidden labels are still read out. */
  labelHidden?: boolean;
  description?: ReactNode;
  /** What is wrong and what to do, shown at the field and read out. */
  error?: string | undefined;
  /** An icon of 16 px inside, before the text. */
  icon?: ReactNode;
  trailing?: ReactNode;
}

const BOX =
  'w-full rounded-md border border-line-control bg-surface text-ui placeholder:text-ink-3 aria-invalid:border-failed';

export function TextField(props: TextFieldProps) {
  const { label, labelHidden, description, error, icon, trailing, className, ...rest } = props;
  const id = useId();
  return (
    <Labelled {...{ id, label, labelHidden, description, error, className }}>
      <div className="relative flex items-center">
        {icon !== undefined && <span className="pointer-events-none absolute left-2.5 text-ink-3">{icon}</span>}
        <input
          id={id}
          aria-invalid={error === undefined ? undefined : true}
          aria-describedby={`${id}-note`}
          {...rest}
          className={cx(
            BOX,
            'h-8 px-2.5 coarse:h-11 coarse:text-[max(16px,var(--ui-size))]',
            icon !== undefined && 'pl-8.5',
          )}
        />
        {trailing !== undefined && <span className="absolute right-1.5 flex items-center">{trailing}</span>}
      </div>
    </Labelled>
  );
}

export interface TextAreaProps extends ComponentProps<'textarea'> {
  label: string;
  labelHidden?: boolean;
  description?: ReactNode;
  error?: string | undefined;
}

/** Grows with its text up to the height its caller allows. */
export function TextArea({ label, labelHidden, description, error, className, ...rest }: TextAreaProps) {
  const id = useId();
  return (
    <Labelled {...{ id, label, labelHidden, description, error, className }}>
      <textarea
        id={id}
        aria-invalid={error === undefined ? undefined : true}
        aria-describedby={`${id}-note`}
        {...rest}
        className={cx(
          BOX,
          'scroll-thin field-sizing-content max-h-60 min-h-20 resize-none px-2.5 py-2 leading-normal coarse:text-[max(16px,var(--ui-size))]',
        )}
      />
    </Labelled>
  );
}

interface LabelledProps {
  id: string;
  label: string;
  labelHidden?: boolean | undefined;
  description?: ReactNode;
  error?: string | undefined;
  className?: string | undefined;
  children: ReactNode;
}

function Labelled({ id, label, labelHidden = false, description, error, className, children }: LabelledProps) {
  return (
    <div className={cx('min-w-0', className)}>
      <label htmlFor={id} className={labelHidden ? 'sr-only' : 'mb-1 block text-sm font-medium text-ink-2'}>
        {label}
      </label>
      {children}
      <div id={`${id}-note`} className="text-sm">
        {error !== undefined && (
          <p role="alert" className="mt-1 flex items-start gap-1.5 text-failed">
            <CircleAlert size={14} className="mt-px shrink-0" aria-hidden="true" />
            {error}
          </p>
        )}
        {description !== undefined && error === undefined && <p className="mt-1 text-ink-3">{description}</p>}
      </div>
    </div>
  );
}
