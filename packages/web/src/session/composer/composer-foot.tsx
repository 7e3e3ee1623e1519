import type { SessionView } from '@baton/protocol';
import { ArrowUp, CircleStop, CornerLeftUp, ImagePlus } from 'lucide-react';
import { Suspense, useRef } from 'react';
import { lazyPart } from '../../live/lazy-part.ts';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Kbd } from '../../ui/kbd.tsx';
import { SettingPickers } from './setting-pickers.tsx';

const BackendPickers = lazyPart(async () => (await import('./backend-pickers.tsx')).BackendPickers);

export interface ComposerFootProps {
  session: SessionView;
  canSend: boolean;
  /** Escape was pressed once: the second one stops. */
  escaping: boolean;
  onSend(): void;
  /** Absent where nothing can be added to what runs. */
  onSteer: (() => void) | undefined;
  onInterrupt(): void;
  /** Absent where the agent takes no images. */
  onAttach: ((files: readonly File[]) => void) | undefined;
}

const ICON = { size: 16, strokeWidth: 1.75 };

/** Below the text: images, model, mode, and what the text does when it goes. */
export function ComposerFoot(props: ComposerFootProps) {
  const { session, canSend, escaping, onSend, onSteer, onInterrupt, onAttach } = props;
  const isRunning = session.turn !== undefined;
  return (
    <div className="@container flex items-center gap-1 px-2 pb-2">
      {onAttach !== undefined && <AttachButton onAttach={onAttach} />}
      {session.agent === undefined ? (
        <Suspense fallback={null}>
          <BackendPickers session={session} />
        </Suspense>
      ) : (
        <SettingPickers session={session} models={session.agent.models} modes={session.agent.modes} />
      )}
      <span className="flex-1" />
      {escaping && (
        <span className="hidden items-center gap-1 text-xs text-ink-3 wide:flex" role="status">
          <Kbd keys="Escape" /> again to stop
        </span>
      )}
      {session.turn !== undefined && (
        <StopButton stopping={session.turn.interrupting} brief={canSend} onInterrupt={onInterrupt} />
      )}
      {canSend && onSteer !== undefined && (
        <Button
          size="sm"
          icon={<CornerLeftUp {...ICON} />}
          keyHint="Mod+Enter"
          onClick={onSteer}
          className="coarse:h-9"
        >
          <span className="hidden @min-[40rem]:inline">Send into this turn</span>
          <span className="@min-[40rem]:hidden">Into turn</span>
        </Button>
      )}
      {(!isRunning || canSend) && (
        <Button
          size="sm"
          variant="primary"
          icon={<ArrowUp {...ICON} />}
          disabled={!canSend}
          onClick={onSend}
          className="coarse:h-9"
        >
          {isRunning ? 'Queue' : 'Send'}
        </Button>
      )}
    </div>
  );
}

// `brief`: other buttons stand beside it, and on a phone there is no room for its word.
function StopButton(props: { stopping: boolean; brief: boolean; onInterrupt(): void }) {
  return (
    <Button
      size="sm"
      icon={<CircleStop {...ICON} />}
      disabled={props.stopping}
      onClick={props.onInterrupt}
      className="coarse:h-9"
    >
      <span className={props.brief ? 'sr-only @min-[26rem]:not-sr-only' : ''}>
        {props.stopping ? 'Stopping' : 'Stop'}
      </span>
    </Button>
  );
}

function AttachButton({ onAttach }: { onAttach(files: readonly File[]): void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <IconButton label="Attach images" icon={<ImagePlus {...ICON} />} onClick={() => input.current?.click()} />
      <input
        ref={input}
        type="file"
        accept="image/png,image/jpeg,image/gif,image/webp"
        multiple
        hidden
        onChange={(event) => {
          onAttach([...(event.target.files ?? [])]);
          // The same file can be chosen again.
          event.target.value = '';
        }}
      />
    </>
  );
}
