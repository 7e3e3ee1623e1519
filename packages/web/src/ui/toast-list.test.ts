import { expect, it } from 'vitest';
import { createToastList } from './toast-list.ts';

it('shows the three newest', () => {
  const list = createToastList();
  for (const title of ['a', 'b', 'c', 'd']) list.add({ title });
  expect(list.get().map((toast) => toast.title)).toEqual(['b', 'c', 'd']);
});

it('replaces a message of the same id', () => {
  const list = createToastList();
  list.add({ id: 'x', title: 'first' });
  list.add({ title: 'other' });
  list.add({ id: 'x', title: 'second' });
  expect(list.get().map((toast) => toast.title)).toEqual(['other', 'second']);
});

it('leaves more time for a message that can be answered', () => {
  const list = createToastList();
  list.add({ title: 'plain' });
  list.add({ title: 'with', action: { label: 'Undo', run: () => undefined } });
  const [plain, withAction] = list.get();
  expect(withAction?.lastsMs).toBeGreaterThan(plain?.lastsMs ?? 0);
  list.remove(plain?.id ?? '');
  expect(list.get()).toHaveLength(1);
});
