import type { SessionView } from '@baton/protocol';
import { CircleAlert } from 'lucide-react';
import { useId, type RefObject } from 'react';
import { useMedia } from '../../frame/use-media.ts';
import { useCapabilities, useTakesImages } from '../../live/use-capabilities.ts';
import { useAgentTitle } from '../../sessions/agent-badge.tsx';
import { cx } from '../../ui/cx.ts';
import { useFileDrop } from '../../ui/use-file-drop.ts';
import { Attachments } from './attachments.tsx';
import { ComposerFoot } from './composer-foot.tsx';
import { ComposerText } from './composer-text.tsx';
import { QueueList } from './queue-list.tsx';
import { useComposer } from './use-composer.ts';
import { useEscape } from './use-escape.ts';

export interface ComposerProps {
  session: SessionView;
  /** Earlier prompts of this session, oldest first. */
  prompts: readonly string[];
  textRef: RefObject<HTMLTextAreaElement | null>;
  onInterrupt(): void;
  onSent(): void;
}

/** Where prompts are written, with what goes with them and what waits before them. */
export function Composer({ session, prompts, textRef, onInterrupt, onSent }: ComposerProps) {
  const composer = useComposer(session.id);
  const { state, problem, dispatch, attach, setProblem } = composer;
  const escape = useEscape(onInterrupt, session.turn !== undefined);
  const takesImages = useTakesImages(session.backend);
  const agent = useAgentTitle(session.backend);
  const give = (files: readonly File[]) => {
    if (takesImages) void attach(files);
    else setProblem(`${agent} takes no images. Mention files with @.`);
  };
  const over = useFileDrop(give);
  const touch = useMedia('(pointer: coarse)');
  const problemId = useId();
  const { turn } = session;
  const canSteer = useCapabilities(session.backend).has('steer') && turn?.interrupting === false;
  const send = () => {
    composer.send();
    onSent();
  };
  const steer = () => {
    if (turn === undefined) return;
    composer.steer(turn.turnId);
    onSent();
  };
  return (
    <div>
      <QueueList
        session={session}
        onEdit={(input) => {
          dispatch({ type: 'restored', input });
          textRef.current?.focus();
        }}
      />
      <div
        className={cx(
          'relative rounded-lg border bg-raised transition-colors duration-100 focus-within:border-accent-line',
          over ? 'border-accent' : 'border-line-strong',
        )}
      >
        {state.images.length > 0 && (
          <Attachments
            images={state.images}
            onRemove={(id) => {
              dispatch({ type: 'detached', id });
              textRef.current?.focus();
            }}
          />
        )}
        <ComposerText
          {...{ session, prompts, textRef, state, dispatch, touch }}
          running={turn !== undefined}
          steerable={canSteer}
          escaping={escape.armed}
          describedBy={problem === undefined ? undefined : problemId}
          onSend={send}
          onSteer={steer}
          onEscape={escape.press}
          onFiles={give}
        />
        <ComposerFoot
          session={session}
          canSend={state.text.trim() !== '' || state.images.length > 0}
          escaping={escape.armed}
          onSend={() => {
            send();
            textRef.current?.focus();
          }}
          onSteer={
            canSteer
              ? () => {
                  steer();
                  textRef.current?.focus();
                }
              : undefined
          }
          onInterrupt={onInterrupt}
          onAttach={takesImages ? give : undefined}
        />
      </div>
      {problem !== undefined && (
        <p id={problemId} role="alert" className="mt-1.5 flex items-start gap-1.5 px-1 text-sm text-failed">
          <CircleAlert size={14} strokeWidth={1.75} aria-hidden="true" className="mt-0.5 shrink-0" />
          {problem}
        </p>
      )}
    </div>
  );
}
