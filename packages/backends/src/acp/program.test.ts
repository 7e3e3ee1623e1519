import { acpAgentDefinitionSchema } from '@baton/protocol';
import { expect, test } from 'vitest';
import { locateAgent } from './program.ts';

const locate = (command: string) =>
  locateAgent(acpAgentDefinitionSchema.parse({ id: 'mine', title: 'Mine', command }), { PATH: '/nowhere' });

test.each([
  ['no-such-agent', 'Install the program "no-such-agent", or give its whole path.'],
  ['/nowhere/agent', 'Correct the path, or install the program there.'],
  ['/nowhere/my tools/agent', 'Correct the path, or install the program there.'],
  ['/nowhere/agent --acp', 'Give only the program as the command, and its arguments apart from it.'],
  ['no-such-agent acp', 'Give only the program as the command, and its arguments apart from it.'],
])('of the command %s, where nothing is, it says what to correct', async (command, advice) => {
  await expect(locate(command)).rejects.toMatchObject({
    kind: 'backend-not-installed',
    message: expect.stringMatching(/^Mine is not installed \(looked in /),
  });
  await expect(locate(command)).rejects.toThrow(advice);
});
