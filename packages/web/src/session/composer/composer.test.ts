import { describe, expect, test } from 'vitest';
import { toComposerIntent, type ComposerMoment, type ComposerPress } from './composer-keys.ts';
import { composerReducer, emptyComposer, toInput, type ComposerAction, type ComposerState } from './composer-state.ts';
import { createDrafts } from './drafts.ts';
import {
  MAX_IMAGES,
  toImageRefusal,
  toRefusalWords,
  toSizeRefusal,
  toSumRefusal,
  type AttachedImage,
} from './image-file.ts';
import { toPastedFiles } from './pasted-files.ts';
import { toSmallSize } from './shrink-image.ts';
import { applyChoice, matchCommands, toTrigger } from './trigger.ts';

const run = (actions: ComposerAction[], from: ComposerState = emptyComposer) => actions.reduce(composerReducer, from);
const typed = (text: string): ComposerAction => ({ type: 'typed', text, caret: text.length });
const image = (id: string): AttachedImage => ({ id, name: `${id}.png`, mediaType: 'image/png', data: 'AAAA' });

describe('the composer', () => {
  test('sends text and images, and is empty after', () => {
    const state = run([
      typed('  Look \n'),
      { type: 'attached', images: [image('a'), image('b')] },
      { type: 'detached', id: 'a' },
    ]);
    expect(toInput(state)).toEqual([
      { type: 'text', text: 'Look' },
      { type: 'image', mediaType: 'image/png', data: 'AAAA' },
    ]);
    expect(run([{ type: 'sent' }], state)).toBe(emptyComposer);
  });

  test('has nothing to send when it holds blanks only, and an image alone is something', () => {
    expect(toInput(run([typed(' \n ')]))).toBeUndefined();
    expect(toInput(run([{ type: 'attached', images: [image('a')] }]))).toHaveLength(1);
  });

  test('puts a prompt back before what was typed since', () => {
    const state = run([
      typed('newer'),
      {
        type: 'restored',
        input: [
          { type: 'text', text: 'older' },
          { type: 'file', path: 'a.ts' },
          { type: 'image', mediaType: 'image/png', data: 'BBBB' },
        ],
      },
    ]);
    expect(state).toMatchObject({ text: 'older\n@a.ts\nnewer', images: [{ data: 'BBBB' }] });
    expect(state.caret).toBe(state.text.length);
  });

  test('recalls earlier prompts one by one and comes back to nothing', () => {
    const prompts = ['one', 'two'];
    const older: ComposerAction = { type: 'recall', step: 1, prompts };
    const newer: ComposerAction = { type: 'recall', step: -1, prompts };
    expect(run([older]).text).toBe('two');
    expect(run([older, older]).text).toBe('one');
    expect(run([older, older, older]).text).toBe('one');
    expect(run([older, older, newer]).text).toBe('two');
    expect(run([older, newer])).toMatchObject({ text: '', recalled: undefined });
    expect(run([newer])).toBe(emptyComposer);
    expect(run([older, typed('two!')]).recalled).toBeUndefined();
  });
});

describe('keys', () => {
  const press: ComposerPress = { key: 'Enter', shift: false, modified: false, command: false, composing: false };
  const moment: ComposerMoment = {
    menuOpen: false,
    empty: false,
    recalling: false,
    touch: false,
    running: false,
    steerable: false,
    escaping: false,
  };
  const intent = (p: Partial<ComposerPress>, m: Partial<ComposerMoment> = {}) =>
    toComposerIntent({ ...press, ...p }, { ...moment, ...m });

  test('Enter sends, with Shift it is a new line', () => {
    expect(intent({})).toBe('send');
    expect(intent({ shift: true })).toBeUndefined();
  });

  test('on a touch screen Enter is a new line, with Control it sends', () => {
    expect(intent({}, { touch: true })).toBeUndefined();
    expect(intent({ modified: true }, { touch: true })).toBe('send');
  });

  test('Enter of an input method is left alone', () => {
    expect(intent({ composing: true })).toBeUndefined();
    expect(intent({ composing: true, key: 'Escape' }, { running: true, escaping: true })).toBeUndefined();
  });

  test('an open menu takes arrows, Enter, Tab and Escape', () => {
    const keys = ['ArrowDown', 'ArrowUp', 'Enter', 'Tab', 'Escape', 'a'];
    expect(keys.map((key) => intent({ key }, { menuOpen: true, running: true }))).toEqual([
      'menu-next',
      'menu-previous',
      'menu-choose',
      'menu-choose',
      'menu-close',
      undefined,
    ]);
  });

  test('Control or Command with Enter sends into a turn that can be steered, and only that', () => {
    const pressed = { modified: true, command: true };
    expect(intent(pressed, { running: true, steerable: true })).toBe('steer');
    expect(intent(pressed, { running: true, steerable: true, touch: true })).toBe('steer');
    expect(intent(pressed, { running: true })).toBe('send');
    expect(intent({ modified: true }, { running: true, steerable: true })).toBe('send');
    expect(intent({}, { running: true, steerable: true })).toBe('send');
  });

  test('Escape twice interrupts a running turn and means nothing else', () => {
    expect(intent({ key: 'Escape' }, { running: true })).toBe('arm-interrupt');
    expect(intent({ key: 'Escape' }, { running: true, escaping: true })).toBe('interrupt');
    expect(intent({ key: 'Escape' }, { escaping: true })).toBeUndefined();
  });

  test('the arrow up recalls only from an empty or recalled composer', () => {
    expect(intent({ key: 'ArrowUp' }, { empty: true })).toBe('recall-older');
    expect(intent({ key: 'ArrowUp' }, { recalling: true })).toBe('recall-older');
    expect(intent({ key: 'ArrowUp' })).toBeUndefined();
    expect(intent({ key: 'ArrowUp', shift: true }, { empty: true })).toBeUndefined();
    expect(intent({ key: 'ArrowDown' }, { recalling: true })).toBe('recall-newer');
    expect(intent({ key: 'ArrowDown' }, { empty: true })).toBeUndefined();
  });
});

describe('menus', () => {
  test('a slash at the very start is a command, elsewhere it is text', () => {
    expect(toTrigger('/rev', 4)).toEqual({ kind: 'command', query: 'rev', start: 0 });
    expect(toTrigger('/review now', 11)).toBeUndefined();
    expect(toTrigger('a /rev', 6)).toBeUndefined();
    expect(toTrigger('/usr/bin', 8)).toBeUndefined();
  });

  test('an at sign after a blank is a file, inside an address it is text', () => {
    expect(toTrigger('see @src/a', 10)).toEqual({ kind: 'file', query: 'src/a', start: 4 });
    expect(toTrigger('@', 1)).toEqual({ kind: 'file', query: '', start: 0 });
    expect(toTrigger('me@example', 10)).toBeUndefined();
    expect(toTrigger('see @src/a then', 15)).toBeUndefined();
  });

  test('a choice replaces what was written and leaves one blank', () => {
    const apply = (text: string, caret: number, choice: string) => {
      const trigger = toTrigger(text, caret);
      return trigger === undefined ? undefined : applyChoice(text, { trigger, caret, choice });
    };
    expect(apply('see @sr now', 7, 'src/a.ts')).toEqual({ text: 'see @src/a.ts now', caret: 14 });
    expect(apply('/re', 3, 'review')).toEqual({ text: '/review ', caret: 8 });
    expect(apply('@my', 3, 'my file.md')).toEqual({ text: '@"my file.md" ', caret: 14 });
  });

  test('commands that begin with what was written come first', () => {
    const commands = [{ name: 'pr-review' }, { name: 'review' }, { name: 'init' }];
    expect(matchCommands(commands, 'REV').map((command) => command.name)).toEqual(['review', 'pr-review']);
  });
});

describe('images', () => {
  test('what cannot be sent is refused with the reason', () => {
    expect(toImageRefusal({ name: 'a.png', type: 'image/png', size: 100 })).toBeUndefined();
    expect(toImageRefusal({ name: 'a.svg', type: 'image/svg+xml', size: 100 })).toContain(
      'only PNG, JPEG, GIF and WebP',
    );
    expect(toSizeRefusal({ name: 'a.png', size: 6 * 1024 * 1024 })).toContain('6.0 MB, the limit is 5.0 MB');
    expect(toImageRefusal({ name: 'a.png', type: 'image/png', size: 0 })).toContain('empty');
  });

  test('of several that are refused each is named once', () => {
    expect(toRefusalWords([])).toBeUndefined();
    expect(toRefusalWords(['A.', 'B.', 'A.'])).toBe('A. B.');
  });

  test('of a table or a document the text is pasted, of a file or a picture the file', () => {
    const picture = new File(['x'], 'a.png');
    const paste = (texts: Record<string, string>) =>
      toPastedFiles({ files: [picture], getData: (type) => texts[type] ?? '' });
    expect(paste({ 'text/plain': 'a\tb', 'text/html': '<table>' })).toEqual([]);
    expect(paste({ 'text/plain': 'a.png' })).toEqual([picture]);
    expect(paste({ 'text/html': '<img>' })).toEqual([picture]);
    expect(paste({})).toEqual([picture]);
  });

  test('what is too large is drawn smaller in the same shape', () => {
    expect(toSmallSize({ width: 8064, height: 6048 })).toEqual({ width: 2048, height: 1536 });
    expect(toSmallSize({ width: 100, height: 50 })).toEqual({ width: 100, height: 50 });
    expect(toSmallSize({ width: 30_000, height: 1 })).toEqual({ width: 2048, height: 1 });
  });

  test('too many, or too much together, is refused', () => {
    expect(toSumRefusal(Array.from({ length: MAX_IMAGES }, (_, index) => image(String(index))))).toBeUndefined();
    expect(toSumRefusal(Array.from({ length: MAX_IMAGES + 1 }, (_, index) => image(String(index))))).toContain(
      'more than',
    );
    expect(toSumRefusal([{ ...image('a'), data: 'A'.repeat(15 * 1024 * 1024) }])).toContain('too large');
  });
});

describe('drafts', () => {
  const createStorage = () => {
    const values = new Map<string, string>();
    return {
      values,
      getItem: (key: string) => values.get(key) ?? null,
      setItem: (key: string, value: string) => void values.set(key, value),
      removeItem: (key: string) => void values.delete(key),
      key: (index: number) => [...values.keys()][index] ?? null,
      get length() {
        return values.size;
      },
    };
  };

  test('each session keeps its own, also for the next page', () => {
    const storage = createStorage();
    createDrafts(storage).write('ses_a', { text: 'half a thought', images: [image('x')] });
    expect(createDrafts(storage).read('ses_a')).toEqual({ text: 'half a thought', images: [] });
    expect(createDrafts(storage).read('ses_b')).toEqual({ text: '', images: [] });
  });

  test('images last as long as the page', () => {
    const drafts = createDrafts(createStorage());
    drafts.write('ses_a', { text: '', images: [image('x')] });
    expect(drafts.read('ses_a').images).toHaveLength(1);
  });

  test('an empty draft leaves nothing behind', () => {
    const storage = createStorage();
    const drafts = createDrafts(storage);
    drafts.write('ses_a', { text: 'x', images: [] });
    drafts.write('ses_a', { text: '', images: [] });
    expect(storage.values.size).toBe(0);
  });

  test('only the newest sessions keep one', () => {
    const storage = createStorage();
    const drafts = createDrafts(storage);
    for (let index = 0; index < 60; index += 1) {
      drafts.write(`ses_${String(index).padStart(3, '0')}`, { text: 'x', images: [] });
    }
    expect(storage.values.size).toBe(51);
    expect(drafts.read('ses_000').text).toBe('');
    expect(drafts.read('ses_059').text).toBe('x');
  });

  test('storage that fails loses nothing on the screen', () => {
    const fail = () => {
      throw new Error('blocked');
    };
    const drafts = createDrafts({ getItem: fail, setItem: fail, removeItem: fail, key: fail, length: 0 });
    drafts.write('ses_a', { text: 'x', images: [image('y')] });
    expect(drafts.read('ses_a').images).toHaveLength(1);
  });
});
