import { AppError, type ConfiguredAgentView } from '@baton/protocol';
import { expect, test } from 'vitest';
import { EMPTY_DRAFT, toAgentId, toDraft, toEdit, toRefusal, isVariableName } from './agent-form.ts';

const GOOSE: ConfiguredAgentView = {
  id: 'goose-2',
  title: 'Goose',
  command: 'goose',
  args: ['acp', '--with space'],
  env: ['GOOSE_KEY', 'OTHER'],
  files: false,
};

test('a new agent gets an id of its title, and one argument for each line', () => {
  const draft = { ...EMPTY_DRAFT, title: 'Mein Ágent 2', command: ' /opt/agent ', args: 'acp\n\n--name a b\n' };
  expect(toEdit(draft, undefined)).toEqual({
    edit: {
      type: 'create',
      agent: { id: 'mein-agent-2', title: 'Mein Ágent 2', command: '/opt/agent', args: ['acp', '--name a b'] },
    },
  });
  expect(toAgentId('--- ???')).toBe('');
  expect(toAgentId(`${'a'.repeat(63)} and more`)).toBe('a'.repeat(63));
});

test('a change keeps the values it cannot see and what the form does not show', () => {
  const draft = toDraft(GOOSE);
  expect(draft.args).toBe('acp\n--with space');
  const [key, other] = draft.variables;
  const changed = {
    ...draft,
    variables: [key, { ...other, value: 'new' }, { name: 'MORE', value: '', isKept: false }],
  };
  expect(
    toEdit({ ...draft, variables: changed.variables.filter((each) => each !== undefined) as never }, GOOSE),
  ).toEqual({
    edit: {
      type: 'update',
      id: 'goose-2',
      agent: {
        ...{ title: 'Goose', command: 'goose', args: ['acp', '--with space'], files: false },
        env: { GOOSE_KEY: null, OTHER: 'new', MORE: '' },
      },
    },
  });
});

test('what is wrong is told at its field', () => {
  // The id would be made of the title: that it is missing too is no second mistake.
  expect(toEdit(EMPTY_DRAFT, undefined)).toEqual({
    errors: { title: 'The title is empty', command: 'The command is empty' },
  });
  expect(toEdit({ ...EMPTY_DRAFT, title: '私', command: 'a' }, undefined)).toMatchObject({
    errors: { id: expect.stringContaining('small letters') },
  });
  const variables = [{ name: '1 A', value: 'x', isKept: false }];
  expect(toEdit({ ...EMPTY_DRAFT, title: 'A', command: 'a', variables }, undefined)).toMatchObject({
    errors: { env: expect.stringContaining('letters') },
  });
  expect(toRefusal(new AppError('conflict', 'choose another id'))).toEqual({ id: 'choose another id' });
  expect(toRefusal(new AppError('conflict', 'the file'))).toEqual({ form: 'the file' });
});

test('a name that no program can have is seen in its row', () => {
  expect(['GOOSE_KEY', ' _a1 ', ''].every(isVariableName)).toBe(true);
  expect(['1KEY', 'MY KEY', 'KEY-2', 'SCHLÜSSEL'].some(isVariableName)).toBe(false);
});
