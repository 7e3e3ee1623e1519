import { createId, type CommandInput, type InputPart, type SessionId, type TurnId } from '@baton/protocol';
import { useCallback, useEffect, useReducer, useRef, useState } from 'react';
import { useClient } from '../../live/baton-provider.tsx';
import { toFailureWords } from '../failure-words.ts';
import { composerReducer, emptyComposer, toInput, type ComposerAction, type ComposerState } from './composer-state.ts';
import { createDrafts } from './drafts.ts';
import { readImage, toImageRefusal, toRefusalWords, toSumRefusal } from './image-file.ts';

const drafts = createDrafts();

export interface ComposerControls {
  readonly state: ComposerState;
  /** Why something could not be sent or attached; gone with the next try. */
  readonly problem: string | undefined;
  dispatch(action: ComposerAction): void;
  /** Starts a turn, or queues it behind the one that runs. */
  send(): void;
  /** Adds to the running turn. Comes it too late, the client makes it a prompt of its own. */
  steer(turnId: TurnId): void;
  attach(files: readonly File[]): Promise<void>;
  setProblem(problem: string | undefined): void;
}

/** The composer of a session: its text, its draft, and how it sends. */
export function useComposer(sessionId: SessionId): ComposerControls {
  const client = useClient();
  const [state, dispatch] = useReducer(composerReducer, sessionId, (id) => ({ ...emptyComposer, ...drafts.read(id) }));
  const [problem, setProblem] = useState<string>();
  const latest = useRef(state);
  useEffect(() => {
    latest.current = state;
    drafts.write(sessionId, { text: state.text, images: state.images });
  }, [sessionId, state]);

  const give = useCallback(
    (toCommand: (input: InputPart[]) => CommandInput) => {
      const input = toInput(latest.current);
      if (input === undefined) return;
      // At once, so that a second press finds nothing to send.
      latest.current = emptyComposer;
      dispatch({ type: 'sent' });
      setProblem(undefined);
      client.send(toCommand(input)).catch((error: unknown) => {
        setProblem(toFailureWords(error, 'The prompt was not sent'));
        dispatch({ type: 'restored', input });
      });
    },
    [client],
  );
  const send = useCallback(() => give((input) => toTurn(sessionId, input)), [give, sessionId]);
  const steer = useCallback(
    (turnId: TurnId) => give((input) => ({ type: 'turn.steer', sessionId, turnId, input })),
    [give, sessionId],
  );

  const attach = useCallback(async (files: readonly File[]) => {
    setProblem(undefined);
    const read = await Promise.all(files.map(async (file) => toImageRefusal(file) ?? readImage(file)));
    const images = read.filter((each) => typeof each !== 'string');
    const tooMuch = toSumRefusal([...latest.current.images, ...images]);
    if (tooMuch === undefined && images.length > 0) dispatch({ type: 'attached', images });
    setProblem(tooMuch ?? toRefusalWords(read.filter((each) => typeof each === 'string')));
  }, []);

  return { state, problem, dispatch, send, steer, attach, setProblem };
}

function toTurn(sessionId: SessionId, input: InputPart[]): CommandInput {
  return { type: 'turn.start', sessionId, turnId: createId('turn'), input };
}
