/** Longer than the code of a dialog takes to come; then the page has its keys again, whatever went wrong. */
const MOST_MS = 10_000;

/** What a person types between asking for a dialog and its coming is meant for the dialog: meanwhile no key does anything. */
export interface KeyHold {
  /** To be ended by what it returns, when what was asked for is there or will not come. */
  begin(): () => void;
  readonly isOn: boolean;
}

export function createKeyHold(now: () => number): KeyHold {
  const begun = new Map<symbol, number>();
  return {
    begin() {
      const wish = Symbol('wish');
      begun.set(wish, now());
      return () => void begun.delete(wish);
    },
    get isOn() {
      return [...begun.values()].some((since) => now() - since < MOST_MS);
    },
  };
}

/** The hold of the page. */
export const keyHold = createKeyHold(() => performance.now());

/** Before anything else hears of them; called once by the app. */
export function listenForHeldKeys(target: Window): () => void {
  const onKeyDown = (event: KeyboardEvent) => {
    if (!keyHold.isOn) return;
    event.stopImmediatePropagation();
    // The browser keeps its own, to load the page again for example: what was asked for may never come.
    const isBrowsers = event.ctrlKey || event.metaKey || /^F\d+$/.test(event.key);
    if (!isBrowsers) event.preventDefault();
  };
  target.addEventListener('keydown', onKeyDown, { capture: true });
  return () => target.removeEventListener('keydown', onKeyDown, { capture: true });
}
