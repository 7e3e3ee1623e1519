import type { AgentInstall } from '@baton/protocol';
import { Check, CircleAlert, LoaderCircle, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Button } from '../ui/button.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import type { Install } from './use-install.ts';

/** What npm does, line by line, and what came of it. */
export function InstallProgress({ install, title }: { install: Install; title: string }) {
  const { progress, failure } = install;
  if (failure !== undefined) return <Failure text={failure} onClose={install.clear} />;
  if (progress === undefined) return null;
  return (
    <section aria-label={`Installation of ${title}`} className="mt-3 rounded-md border border-line bg-sunken">
      <div className="flex min-h-9 items-center gap-2 px-3 py-1.5">
        <StateIcon state={progress.state} />
        <p role="status" className="min-w-0 flex-1 truncate text-sm font-medium">
          {WORDS[progress.state]} {progress.package}
        </p>
        {progress.state === 'running' ? (
          <Button size="sm" variant="quiet" onClick={() => void install.cancel()}>
            Cancel installation
          </Button>
        ) : (
          <IconButton size="sm" label="Close" icon={<X size={14} strokeWidth={1.75} />} onClick={install.clear} />
        )}
      </div>
      <Lines lines={progress.lines} />
      {progress.failure !== undefined && progress.state === 'failed' && (
        <p className="border-t border-line px-3 py-2 text-sm text-failed">{progress.failure}</p>
      )}
    </section>
  );
}

const WORDS: Record<AgentInstall['state'], string> = {
  running: 'Installing',
  succeeded: 'Installed',
  failed: 'Not installed:',
  cancelled: 'Cancelled:',
};

function StateIcon({ state }: { state: AgentInstall['state'] }) {
  const icon = { size: 15, strokeWidth: 1.75, 'aria-hidden': true } as const;
  if (state === 'running') return <LoaderCircle {...icon} className="turning shrink-0 text-accent" />;
  if (state === 'succeeded') return <Check {...icon} className="shrink-0 text-accent" />;
  return <CircleAlert {...icon} className={state === 'failed' ? 'shrink-0 text-failed' : 'shrink-0 text-ink-3'} />;
}

// The newest stays in sight, as in a terminal.
function Lines({ lines }: { lines: readonly string[] }) {
  const box = useRef<HTMLPreElement>(null);
  useEffect(() => {
    box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [lines]);
  if (lines.length === 0) return null;
  return (
    <pre
      ref={box}
      tabIndex={0}
      aria-label="What npm says"
      className="scroll-thin max-h-36 overflow-auto border-t border-line px-3 py-2 font-mono text-xs leading-5 whitespace-pre-wrap text-ink-2 wrap-anywhere"
    >
      {lines.join('\n')}
    </pre>
  );
}

function Failure({ text, onClose }: { text: string; onClose(): void }) {
  return (
    <p role="alert" className="mt-3 flex items-start gap-2 text-sm text-failed">
      <CircleAlert size={14} className="mt-0.5 shrink-0" aria-hidden="true" />
      <span className="min-w-0 flex-1">{text}</span>
      <IconButton size="sm" label="Close" icon={<X size={14} strokeWidth={1.75} />} onClick={onClose} />
    </p>
  );
}
