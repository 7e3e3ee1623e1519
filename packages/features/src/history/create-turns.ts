/** Has works of one name done one after the other, whatever becomes of each; works of different names do not wait. */
export function createTurns(): <T>(name: string, work: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>();
  return (name, work) => {
    const before = last.get(name) ?? Promise.resolve();
    const mine = before.then(work, work);
    last.set(name, mine);
    const forget = () => last.get(name) === mine && last.delete(name);
    mine.then(forget, forget);
    return mine;
  };
}
