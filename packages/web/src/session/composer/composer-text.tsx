import type { SessionView } from '@baton/protocol';
import { useId, useLayoutEffect, useRef, useState, type KeyboardEvent, type RefObject } from 'react';
import { toComposerIntent, type ComposerIntent } from './composer-keys.ts';
import type { ComposerAction, ComposerState } from './composer-state.ts';
import { SuggestionList } from './suggestion-list.tsx';
import { toPastedFiles } from './pasted-files.ts';
import { applyChoice } from './trigger.ts';
import { useSuggestions } from './use-suggestions.ts';

export interface ComposerTextProps {
  session: SessionView;
  prompts: readonly string[];
  textRef: RefObject<HTMLTextAreaElement | null>;
  state: ComposerState;
  dispatch(action: ComposerAction): void;
  touch: boolean;
  running: boolean;
  steerable: boolean;
  escaping: boolean;
  describedBy: string | undefined;
  onSend(): void;
  onSteer(): void;
  onEscape(): void;
  onFiles(files: readonly File[]): void;
}

const NO_COMMANDS: NonNullable<SessionView['agent']>['commands'] = [];

/** The text itself, growing with what is written up to half the screen, and the menu over it. */
export function ComposerText(props: ComposerTextProps) {
  const { session, state, dispatch, textRef, running, touch } = props;
  const menuId = useId();
  const suggestions = useSuggestions(session.id, state, session.agent?.commands ?? NO_COMMANDS);
  const [chosen, setChosen] = useState({ query: '', index: 0 });
  // A new query begins at the top.
  const query = suggestions?.trigger.query ?? '';
  const count = suggestions?.list.length ?? 1;
  const index = chosen.query === query ? Math.min(chosen.index, count - 1) : 0;
  useCaret(textRef, state);

  const choose = (at: number) => {
    const suggestion = suggestions?.list[at];
    if (suggestions === undefined || suggestion === undefined) return;
    dispatch({
      type: 'typed',
      ...applyChoice(state.text, { ...suggestions, caret: state.caret, choice: suggestion.value }),
    });
  };
  const acts: Record<ComposerIntent, () => void> = {
    send: props.onSend,
    steer: props.onSteer,
    'menu-next': () => setChosen({ query, index: (index + 1) % count }),
    'menu-previous': () => setChosen({ query, index: (index - 1 + count) % count }),
    'menu-choose': () => choose(index),
    'menu-close': () => dispatch({ type: 'menu-closed' }),
    'recall-older': () => dispatch({ type: 'recall', step: 1, prompts: props.prompts }),
    'recall-newer': () => dispatch({ type: 'recall', step: -1, prompts: props.prompts }),
    'arm-interrupt': props.onEscape,
    interrupt: props.onEscape,
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const press = {
      key: event.key,
      shift: event.shiftKey,
      modified: event.ctrlKey || event.metaKey || event.altKey,
      command: event.ctrlKey || event.metaKey,
      // Safari ends the composition before its Enter arrives; that one has the code of all keys of input methods.
      composing: event.nativeEvent.isComposing || event.keyCode === 229,
    };
    const intent = toComposerIntent(press, {
      menuOpen: suggestions !== undefined,
      empty: state.text === '',
      recalling: state.recalled !== undefined,
      escaping: props.escaping,
      touch,
      running,
      steerable: props.steerable,
    });
    if (intent === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    acts[intent]();
  };
  return (
    <>
      {suggestions !== undefined && (
        <SuggestionList id={menuId} suggestions={suggestions} chosen={index} onChoose={choose} />
      )}
      <textarea
        ref={textRef}
        value={state.text}
        rows={1}
        role="combobox"
        aria-label="Prompt"
        aria-autocomplete="list"
        aria-expanded={suggestions !== undefined}
        aria-controls={menuId}
        aria-activedescendant={suggestions === undefined ? undefined : `${menuId}-${index}`}
        aria-describedby={props.describedBy}
        placeholder={running ? 'Queue the next prompt' : 'Prompt the agent'}
        enterKeyHint={touch ? 'enter' : 'send'}
        onChange={(event) => dispatch({ type: 'typed', text: event.target.value, caret: event.target.selectionStart })}
        onSelect={(event) => dispatch({ type: 'moved', caret: event.currentTarget.selectionStart })}
        onKeyDown={onKeyDown}
        onPaste={(event) => {
          const files = toPastedFiles(event.clipboardData);
          if (files.length === 0) return;
          event.preventDefault();
          props.onFiles(files);
        }}
        className="scroll-thin field-sizing-content block max-h-[50dvh] min-h-11 w-full resize-none bg-transparent px-3.5 pt-3 pb-2 text-base leading-relaxed outline-none coarse:text-[max(16px,var(--ui-size))]"
      />
    </>
  );
}

// A choice or a recalled prompt puts the caret where it belongs; typing has it there already.
function useCaret(textRef: RefObject<HTMLTextAreaElement | null>, { text, caret }: ComposerState): void {
  const shown = useRef(text);
  useLayoutEffect(() => {
    const field = textRef.current;
    if (field === null || shown.current === text) return;
    shown.current = text;
    if (field.selectionStart !== caret && document.activeElement === field) field.setSelectionRange(caret, caret);
  }, [textRef, text, caret]);
}
