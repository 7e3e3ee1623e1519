import { AppError, type BackendView } from '@baton/protocol';
import { describe, expect, it } from 'vitest';
import {
  canStart,
  chooseBackend,
  chooseOffered,
  orderBackends,
  toBeginning,
  toFirstBackends,
  toOffer,
} from './choose-backend.ts';
import { toFieldErrors } from './field-errors.ts';
import { createLastChoices } from './last-choices.ts';

function backend(id: string, part: Partial<BackendView> = {}): BackendView {
  return { id, title: id, installed: true, authenticated: 'yes', capabilities: [], models: [], modes: [], ...part };
}

const claude = backend('claude');
const rehearsal = backend('worker', { rehearsal: true, problem: 'No key' });
const missing = backend('gemini', { installed: false, problem: 'Not installed' });

describe('choosing an agent', () => {
  it('prefers one that can start, a real one before a rehearsal', () => {
    expect(orderBackends([missing, rehearsal, claude]).map(({ id }) => id)).toEqual(['claude', 'worker', 'gemini']);
    expect(chooseBackend([missing, rehearsal, claude], undefined)).toBe(claude);
    expect(chooseBackend([missing, rehearsal], undefined)).toBe(rehearsal);
    expect(chooseBackend([missing], undefined)).toBe(missing);
    expect(canStart(rehearsal)).toBe(true);
  });

  it('takes the remembered one while it can start', () => {
    expect(chooseBackend([claude, rehearsal], { backend: 'worker' })).toBe(rehearsal);
    expect(chooseBackend([claude, missing], { backend: 'gemini' })).toBe(claude);
  });

  it('shows the first few of many, with the chosen one', () => {
    const many = Array.from({ length: 40 }, (_, index) => backend(`agent-${index}`));
    expect(toFirstBackends(many.slice(0, 12), undefined)).toHaveLength(12);
    expect(toFirstBackends(many, 'agent-2')).toHaveLength(8);
    expect(
      toFirstBackends(many, 'agent-30')
        .map(({ id }) => id)
        .at(-1),
    ).toBe('agent-30');
  });

  it('forgets a model that is no longer offered', () => {
    expect(chooseOffered([{ id: 'a' }], 'a')).toBe('a');
    expect(chooseOffered([{ id: 'a' }], 'b')).toBe('');
    expect(chooseOffered([], undefined)).toBe('');
    expect(chooseOffered([{ id: 'a' }, { id: 'default' }], 'gone')).toBe('default');
  });
});

it('lets what is chosen now go before what was chosen last, and drops the model of another agent', () => {
  const codex = backend('codex', { models: [{ id: 'm', title: 'M' }] });
  const last = { backend: 'codex', model: 'm' };
  expect(toOffer([claude, codex], {}, last)).toMatchObject({ backend: codex, model: 'm', mode: '' });
  expect(toOffer([claude, codex], { backend: 'claude' }, last)).toMatchObject({ backend: claude, model: '', mode: '' });
});

it('keeps what was chosen while it is not known what the agent offers, and says what it does not offer any more', () => {
  const last = { backend: 'acp', model: 'm', mode: 'plan', effort: 'high' };
  expect(toOffer([backend('acp')], {}, last)).toMatchObject({ ...last, backend: { id: 'acp' }, gone: [] });
  const known = backend('acp', { models: [{ id: 'n', title: 'N' }], modes: [{ id: 'plan', title: 'Plan' }] });
  expect(toOffer([known], {}, last)).toMatchObject({ model: '', mode: 'plan', effort: '', gone: ['m'] });
  expect(toOffer([known], { backend: 'acp', model: '' }, last).gone).toEqual([]);
});

it('offers an effort where the model has some, and drops one that it has not', () => {
  const models = [
    { id: 'm', title: 'M', efforts: ['low', 'high'] },
    { id: 'n', title: 'N' },
  ];
  const codex = backend('codex', { models });
  const last = { backend: 'codex', model: 'm', effort: 'high' };
  expect(toOffer([codex], {}, last)).toMatchObject({ effort: 'high', efforts: ['low', 'high'] });
  expect(toOffer([codex], { model: 'n' }, last)).toMatchObject({ effort: '', efforts: [] });
  expect(toOffer([codex], { effort: 'huge' }, last).effort).toBe('');
});

it('begins with what was chosen in this folder, else with its default, else with the last choice anywhere', () => {
  const choices = createLastChoices({ get: () => stored, set: (text) => (stored = text) });
  let stored: string | undefined;
  choices.remember('/code/web', { backend: 'claude' });
  const from = { last: choices, defaults: [{ folder: '/code', backend: 'codex', mode: 'plan' }] };
  expect(toBeginning('/code/web', from)?.backend).toBe('claude');
  expect(toBeginning('/code/api/src', from)).toMatchObject({ backend: 'codex', mode: 'plan' });
  expect(toBeginning('/elsewhere', from)?.backend).toBe('claude');
});

describe('createLastChoices', () => {
  function createStored(text?: string) {
    let value = text;
    return {
      get: () => value,
      set: (next: string) => {
        value = next;
      },
    };
  }

  it('remembers by folder, and offers the last one anywhere else', () => {
    const choices = createLastChoices(createStored());
    choices.remember('/a', { backend: 'claude', model: 'm' });
    choices.remember('/b', { backend: 'worker' });
    expect(choices.get('/a')).toEqual({ backend: 'claude', model: 'm' });
    expect(choices.get('/new')).toEqual({ backend: 'worker' });
    expect(choices.lastFolder()).toBe('/b');
  });

  it('survives what another version left in storage', () => {
    expect(createLastChoices(createStored('not json')).get('/a')).toBeUndefined();
    const mixed = createLastChoices(createStored('[["/a",{"backend":1}],["/b",{"backend":"claude","model":7}],3]'));
    expect(mixed.get('/b')).toEqual({ backend: 'claude' });
  });

  it('keeps the fifty latest folders', () => {
    const stored = createStored();
    const choices = createLastChoices(stored);
    for (let count = 0; count < 60; count += 1) choices.remember(`/${count}`, { backend: `b${count}` });
    expect(choices.get('/59')).toEqual({ backend: 'b59' });
    expect(choices.get('/0')).toEqual({ backend: 'b59' });
  });
});

describe('toFieldErrors', () => {
  it('shows a refusal at the field it is about', () => {
    const issues = [{ path: 'prompt[0].text', message: 'The prompt is empty' }];
    expect(toFieldErrors(new AppError('invalid-input', 'No', { issues }))).toEqual({ prompt: 'The prompt is empty' });
    expect(toFieldErrors(new AppError('backend-not-installed', 'Gone'))).toEqual({ agent: 'Gone' });
    expect(toFieldErrors(new AppError('forbidden', 'Cannot use the folder "/etc"'))).toEqual({
      folder: 'Cannot use the folder "/etc"',
    });
  });

  it('shows everything else at the form, and never a raw fault', () => {
    expect(toFieldErrors(new AppError('too-many-sessions', 'Ten run'))).toEqual({ form: 'Ten run' });
    expect(toFieldErrors(new TypeError('x is undefined')).form).not.toContain('undefined');
  });
});
