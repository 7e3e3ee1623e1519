import type { ConfiguredAgentView } from '@baton/protocol';
import { expect, test } from 'vitest';
import { createAgentLooks } from './agent-looks.ts';

const toAgent = (id: string, title: string): ConfiguredAgentView => ({
  id,
  title,
  command: id,
  args: [],
  env: [],
  icon: 'Ac',
});

test('the looks of added agents are asked for once for each id, and again when one was changed', async () => {
  let agents = [toAgent('acme', 'Acme')];
  let asked = 0;
  const looks = createAgentLooks(async () => {
    asked += 1;
    return agents;
  });
  const changed = () => new Promise<void>((resolve) => void looks.subscribe(resolve));
  const first = changed();
  looks.want('acme');
  looks.want('acme');
  await first;
  expect(looks.get().get('acme')).toEqual({ title: 'Acme', icon: 'Ac' });
  looks.want('acme');
  expect(asked).toBe(1);
  agents = [toAgent('acme', 'Acme Coder')];
  await looks.refresh();
  expect(looks.get().get('acme')?.title).toBe('Acme Coder');
});

test('what was found of all agents counts too, and added ones of one title are told apart', async () => {
  const looks = createAgentLooks(async () => [toAgent('one', 'Acme'), toAgent('two', 'Acme')]);
  looks.learn([{ id: 'goose', title: 'Goose', icon: 'GO' }]);
  expect(looks.get().get('goose')).toEqual({ title: 'Goose', icon: 'GO' });
  await looks.refresh();
  expect([...looks.get().values()].map(({ title }) => title)).toEqual(['Goose', 'Acme (one)', 'Acme (two)']);
});

test('a server that does not answer leaves the letter of the id, and the next new id asks again', async () => {
  let answers = false;
  const looks = createAgentLooks(async () => {
    if (!answers) throw new Error('no answer');
    return [toAgent('acme', 'Acme')];
  });
  looks.want('acme');
  await new Promise((resolve) => setImmediate(resolve));
  expect(looks.get().size).toBe(0);
  answers = true;
  looks.want('other');
  await new Promise((resolve) => setImmediate(resolve));
  expect(looks.get().has('acme')).toBe(true);
});
