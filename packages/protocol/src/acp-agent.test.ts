import { expect, test } from 'vitest';
import { acpAgentDefinitionSchema } from './acp-agent.ts';

const withTitle = (title: string) => acpAgentDefinitionSchema.safeParse({ id: 'mine', title, command: 'mine' });

test.each(['Claude\u202edoc', 'one\ntwo', 'a\u0007', 'Cla\u200bude', 'a\u2028b', '\ud800'])(
  'a title with characters that nobody sees is refused: %j',
  (title) => {
    expect(withTitle(title).error?.issues).toMatchObject([
      { path: ['title'], message: 'Has characters that cannot be seen, such as a line end. Type it anew' },
    ]);
  },
);

test.each(['Mine', ' Mine\n', 'Агент 7', '智能体', 'وكيل', 'A 👩‍💻'])('a title of any script is taken: %j', (title) => {
  expect(withTitle(title).data?.title).toBe(title.trim());
});

test('a title is neither empty nor long', () => {
  expect(withTitle('  ').error?.issues).toMatchObject([{ message: 'The title is empty' }]);
  expect(withTitle('x'.repeat(81)).error?.issues).toMatchObject([{ message: 'Longer than 80 characters' }]);
});
