import type { SessionView } from '@baton/protocol';
import { CircleAlert } from 'lucide-react';
import { useId, useRef, useState, type DragEvent, type RefObject } from 'react';
import { useMedia } from '../../frame/use-media.ts';
import { useCapabilities } from '../../live/use-capabilities.ts';
import { cx } from '../../ui/cx.ts';
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
  const { state, problem, dispatch, attach } = composer;
  const escape = useEscape(onInterrupt, session.turn !== undefined);
  const drop = useDrop((files) => void attach(files));
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
        {...drop.handlers}
        className={cx(
          'relative rounded-lg border bg-raised transition-colors duration-100 focus-within:border-accent-line',
          drop.over ? 'border-accent' : 'border-line-strong',
        )}
      >
        {state.images.length > 0 && (
          <Attachments images={state.images} onRemove={(id) => dispatch({ type: 'detached', id })} />
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
          onFiles={(files) => void attach(files)}
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
          onAttach={(files) => void attach(files)}
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

// Files that are dragged over the composer. Leaving a child is not leaving it, so the depth is counted.
function useDrop(onFiles: (files: readonly File[]) => void) {
  const depth = useRef(0);
  const [over, setOver] = useState(false);
  const move = (step: number) => (event: DragEvent) => {
    if (!event.dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    depth.current = Math.max(0, depth.current + step);
    setOver(depth.current > 0);
  };
  const handlers = {
    onDragEnter: move(1),
    onDragLeave: move(-1),
    onDragOver: move(0),
    onDrop: (event: DragEvent) => {
      depth.current = 0;
      setOver(false);
      const files = [...event.dataTransfer.files];
      if (files.length === 0) return;
      event.preventDefault();
      onFiles(files);
    },
  };
  return { over, handlers };
}
