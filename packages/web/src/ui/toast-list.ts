export interface ToastOptions {
  title: string;
  description?: string | undefined;
  tone?: 'info' | 'warning' | 'failed';
  action?: { label: string; run(): void };
  /** The same id replaces the toast that is shown. */
  id?: string;
}

export interface ShownToast extends ToastOptions {
  id: string;
  tone: 'info' | 'warning' | 'failed';
  /** How long it stays while nobody points at it. */
  lastsMs: number;
}

export interface ToastList {
  get(): readonly ShownToast[];
  subscribe(listener: () => void): () => void;
  add(options: ToastOptions): void;
  remove(id: string): void;
}

const LASTS_MS = 6000;
const LASTS_WITH_ACTION_MS = 12_000;
/** The oldest leaves when a fourth comes. */
const MOST_SHOWN = 3;

export function createToastList(): ToastList {
  let toasts: readonly ShownToast[] = [];
  let made = 0;
  const listeners = new Set<() => void>();
  const change = (next: readonly ShownToast[]) => {
    toasts = next;
    for (const tell of listeners) tell();
  };
  return {
    get: () => toasts,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    add(options) {
      made += 1;
      const id = options.id ?? String(made);
      const lastsMs = options.action === undefined ? LASTS_MS : LASTS_WITH_ACTION_MS;
      const toast = { ...options, id, tone: options.tone ?? 'info', lastsMs };
      change([...toasts.filter((other) => other.id !== id), toast].slice(-MOST_SHOWN));
    },
    remove: (id) => change(toasts.filter((toast) => toast.id !== id)),
  };
}
