/** A small preference of this browser. Reading and writing never throw: storage may be blocked or full. */
export interface StoredValue {
  get(): string | undefined;
  set(value: string): void;
}

export function createStoredValue(key: string): StoredValue {
  const name = `baton.${key}`;
  return {
    get() {
      try {
        return localStorage.getItem(name) ?? undefined;
      } catch {
        return undefined;
      }
    },
    set(value) {
      try {
        localStorage.setItem(name, value);
      } catch {
        // The preference lasts for this page only.
      }
    },
  };
}
