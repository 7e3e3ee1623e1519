/** Whether the last write reached the disk: what `GET /health` tells without telling more. */
export interface StoreHealth {
  wrote(): void;
  failed(): void;
  isWritable(): boolean;
}

export function createStoreHealth(): StoreHealth {
  let writable = true;
  return {
    wrote() {
      writable = true;
    },
    failed() {
      writable = false;
    },
    isWritable: () => writable,
  };
}
