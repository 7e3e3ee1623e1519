import type { AgentCommand, SessionId } from '@baton/protocol';
import { useEffect, useMemo, useState } from 'react';
import { useApi } from '../../live/baton-provider.tsx';
import { matchCommands, toTrigger, type Trigger } from './trigger.ts';
import type { ComposerState } from './composer-state.ts';

export interface Suggestion {
  /** What is put into the text. */
  readonly value: string;
  readonly title: string;
  readonly hint?: string;
}

export interface Suggestions {
  readonly trigger: Trigger;
  readonly list: readonly Suggestion[];
}

const SHOWN = 50;
const FILES = 20;
const TYPING_MS = 80;

/** What fits what is being written: commands of the agent after a slash, files after an at sign. */
export function useSuggestions(
  sessionId: SessionId,
  state: ComposerState,
  commands: readonly AgentCommand[],
): Suggestions | undefined {
  const trigger = state.menuClosed ? undefined : toTrigger(state.text, state.caret);
  const files = useFiles(sessionId, trigger?.kind === 'file' ? trigger.query : undefined);
  const query = trigger?.kind === 'command' ? trigger.query : undefined;
  const matches = useMemo(
    () => (query === undefined ? [] : matchCommands(commands, query).slice(0, SHOWN).map(toSuggestion)),
    [commands, query],
  );
  if (trigger === undefined) return undefined;
  const list = trigger.kind === 'command' ? matches : files;
  return list.length === 0 ? undefined : { trigger, list };
}

function toSuggestion({ name, description, argumentHint }: AgentCommand): Suggestion {
  return { value: name, title: `/${name}${argumentHint ? ` ${argumentHint}` : ''}`, hint: description };
}

const NO_FILES: readonly Suggestion[] = [];

// The last answer stays while the next is asked for, so that the list does not blink.
function useFiles(sessionId: SessionId, query: string | undefined): readonly Suggestion[] {
  const api = useApi();
  const [files, setFiles] = useState(NO_FILES);
  useEffect(() => {
    if (query === undefined) return undefined;
    let wanted = true;
    const timer = setTimeout(() => {
      api.findFiles({ sessionId, q: query, limit: FILES }).then(
        (paths) => wanted && setFiles(paths.map((path) => ({ value: path, title: path }))),
        () => wanted && setFiles(NO_FILES),
      );
    }, TYPING_MS);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [api, sessionId, query]);
  return query === undefined ? NO_FILES : files;
}
