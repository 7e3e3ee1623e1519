/** Where the keyboard is: in something that floats, in a text field of the page, or on the page. */
export type KeyboardPlace = 'float' | 'text' | 'page';

const TEXT =
  'textarea,select,[contenteditable=""],[contenteditable="true"],input:not([type=checkbox],[type=radio],[type=button])';
const DIALOG = '[role=dialog],[role=alertdialog]';
const FLOAT = `${DIALOG},[role=menu],[role=listbox]`;

/** Where a key that was pressed on `target` belongs. A dialog that is open has the keyboard, also before it has the focus. */
export function toKeyboardPlace(target: EventTarget | null): KeyboardPlace {
  if (target instanceof Element && target.closest(FLOAT) !== null) return 'float';
  if (isInText(target)) return 'text';
  return document.querySelector(DIALOG) === null ? 'page' : 'float';
}

/** Whether what is typed is text, wherever that stands. */
export function isInText(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(TEXT) !== null;
}
