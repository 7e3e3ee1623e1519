import { CircleAlert, Info, TriangleAlert, X } from 'lucide-react';
import { useEffect, useState, useSyncExternalStore, type ReactNode } from 'react';
import { IconButton } from './icon-button.tsx';
import { createToastList, type ShownToast, type ToastOptions } from './toast-list.ts';

const list = createToastList();

/** Says something in passing. A failure that must not be missed belongs where it happened, not in here. */
export function showToast(options: ToastOptions): void {
  list.add(options);
}

/** Rendered once, at the root: it must be there before it speaks. On a phone it stands where nobody types. */
export function ToastRegion() {
  const toasts = useSyncExternalStore(list.subscribe, list.get);
  return (
    <div
      role="region"
      aria-label="Messages"
      className="safe-top pointer-events-none fixed inset-x-3 top-14 z-50 wide:inset-x-auto wide:top-auto wide:right-4 wide:bottom-10 wide:w-92"
    >
      <ol aria-live="polite" className="flex flex-col gap-2">
        {toasts.map((toast) => (
          <ToastCard key={toast.id} toast={toast} />
        ))}
      </ol>
    </div>
  );
}

const ICON = { size: 16, strokeWidth: 1.75, 'aria-hidden': true } as const;
const ICONS: Record<ShownToast['tone'], ReactNode> = {
  info: <Info {...ICON} className="text-ink-3" />,
  warning: <TriangleAlert {...ICON} className="text-waiting" />,
  failed: <CircleAlert {...ICON} className="text-failed" />,
};

function ToastCard({ toast }: { toast: ShownToast }) {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return undefined;
    const timer = setTimeout(() => list.remove(toast.id), toast.lastsMs);
    return () => clearTimeout(timer);
  }, [held, toast]);
  const { action } = toast;
  // It stays while someone reads or reaches for it.
  const hold = {
    onPointerEnter: () => setHeld(true),
    onPointerLeave: () => setHeld(false),
    onFocus: () => setHeld(true),
    onBlur: () => setHeld(false),
  };
  return (
    <li
      role={toast.tone === 'failed' ? 'alert' : undefined}
      {...hold}
      className="slide-in pointer-events-auto flex items-start gap-2.5 rounded-lg border border-line bg-raised p-3 text-ui shadow-float"
    >
      <span className="mt-0.5 shrink-0">{ICONS[toast.tone]}</span>
      <div className="min-w-0 flex-1">
        <p className="font-medium">{toast.title}</p>
        {toast.description !== undefined && <p className="mt-0.5 text-sm text-ink-2">{toast.description}</p>}
        {action !== undefined && (
          <button
            type="button"
            className="touch mt-1.5 text-sm font-medium text-accent hover:underline"
            onClick={() => {
              action.run();
              list.remove(toast.id);
            }}
          >
            {action.label}
          </button>
        )}
      </div>
      <IconButton
        size="sm"
        label="Dismiss"
        icon={<X size={14} strokeWidth={1.75} />}
        onClick={() => list.remove(toast.id)}
      />
    </li>
  );
}
