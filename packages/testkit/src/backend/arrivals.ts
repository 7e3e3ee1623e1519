/** Values in the order they came; those that nobody asked for yet are kept for who asks next. */
export interface Arrivals<T> {
  push(value: T): void;
  next(): Promise<T>;
}

export function createArrivals<T>(): Arrivals<T> {
  const values: { value: T }[] = [];
  const waiting: ((value: T) => void)[] = [];
  return {
    push(value) {
      const taker = waiting.shift();
      if (taker === undefined) values.push({ value });
      else taker(value);
    },
    next() {
      const first = values.shift();
      if (first !== undefined) return Promise.resolve(first.value);
      return new Promise((resolve) => waiting.push(resolve));
    },
  };
}
