export interface ComposerPress {
  readonly key: string;
  readonly shift: boolean;
  /** Control, Alt or Meta. */
  readonly modified: boolean;
  /** Control or Meta: `Mod` of the printed keys. */
  readonly command: boolean;
  /** An input method is putting a character together: its Enter is not ours. */
  readonly composing: boolean;
}

export interface ComposerMoment {
  readonly menuOpen: boolean;
  readonly empty: boolean;
  /** Stepping through earlier prompts. */
  readonly recalling: boolean;
  /** A screen keyboard: its Enter is a new line, the button sends. */
  readonly touch: boolean;
  readonly running: boolean;
  /** A turn runs whose agent reads what is sent into it. */
  readonly steerable: boolean;
  /** Escape was pressed a moment ago. */
  readonly escaping: boolean;
}

export type ComposerIntent =
  | 'send'
  | 'steer'
  | 'menu-next'
  | 'menu-previous'
  | 'menu-choose'
  | 'menu-close'
  | 'recall-older'
  | 'recall-newer'
  | 'arm-interrupt'
  | 'interrupt';

/** What a key in the composer means; undefined leaves it to the text field. */
export function toComposerIntent(press: ComposerPress, moment: ComposerMoment): ComposerIntent | undefined {
  if (press.composing) return undefined;
  if (moment.menuOpen && !press.modified) {
    const inMenu = toMenuIntent(press);
    if (inMenu !== undefined) return inMenu;
  }
  switch (press.key) {
    case 'Enter':
      return toEnterIntent(press, moment);
    case 'Escape':
      return toEscapeIntent(moment);
    case 'ArrowUp':
    case 'ArrowDown':
      return toRecallIntent(press, moment);
    default:
      return undefined;
  }
}

function toMenuIntent({ key, shift }: ComposerPress): ComposerIntent | undefined {
  if (key === 'ArrowDown') return 'menu-next';
  if (key === 'ArrowUp') return 'menu-previous';
  if (key === 'Escape') return 'menu-close';
  return (key === 'Enter' || key === 'Tab') && !shift ? 'menu-choose' : undefined;
}

// Control or Command with Enter sends everywhere, a screen keyboard with a key for it included; into a running turn where
// that is possible.
function toEnterIntent(press: ComposerPress, { touch, steerable }: ComposerMoment): ComposerIntent | undefined {
  if (press.command && steerable) return 'steer';
  if (press.modified) return 'send';
  return press.shift || touch ? undefined : 'send';
}

function toEscapeIntent({ running, escaping }: ComposerMoment): ComposerIntent | undefined {
  if (!running) return undefined;
  return escaping ? 'interrupt' : 'arm-interrupt';
}

function toRecallIntent({ key, shift, modified }: ComposerPress, moment: ComposerMoment): ComposerIntent | undefined {
  if (shift || modified) return undefined;
  if (key === 'ArrowDown') return moment.recalling ? 'recall-newer' : undefined;
  return moment.empty || moment.recalling ? 'recall-older' : undefined;
}
