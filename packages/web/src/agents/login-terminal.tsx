import '@xterm/xterm/css/xterm.css';
import type { TerminalDown } from '@baton/protocol';
import { ExternalLink } from 'lucide-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { announce } from '../ui/live-region.tsx';
import { findLinks } from './find-links.ts';
import { openLogin } from './open-login.ts';

type End = Exclude<TerminalDown, { type: 'output' }>;

export interface LoginTerminalProps {
  backend: string;
  title: string;
  onEnded(): void;
}

/** A terminal in which one program runs, and the links it shows as links. */
export function LoginTerminal({ backend, title, onEnded }: LoginTerminalProps) {
  const [round, setRound] = useState(0);
  const [links, setLinks] = useState<readonly string[]>([]);
  const [end, setEnd] = useState<End>();
  const again = () => {
    setEnd(undefined);
    setLinks([]);
    setRound(round + 1);
  };
  const ended = (how: End) => {
    setEnd(how);
    announce(toEndWords(how, title));
    onEnded();
  };
  return (
    <>
      <Screen key={round} backend={backend} title={title} onText={(text) => setLinks(findLinks(text))} onEnd={ended} />
      <p className="text-xs text-ink-3 coarse:hidden">Keys go to the agent. Shift+Tab leaves the terminal.</p>
      {links.length > 0 && (
        <ul className="flex flex-col gap-1" aria-label="Links it shows">
          {links.map((link) => (
            <li key={link} className="flex items-center gap-1 text-sm">
              <ExternalLink size={14} strokeWidth={1.75} className="shrink-0 text-ink-3" aria-hidden="true" />
              <a
                href={link}
                target="_blank"
                rel="noreferrer"
                className="min-w-0 flex-1 truncate text-accent underline coarse:leading-[2.75rem]"
              >
                {link}
              </a>
              <CopyButton text={link} label="Copy the link" />
            </li>
          ))}
        </ul>
      )}
      {end !== undefined && (
        <div ref={intoView} className="flex flex-wrap items-center gap-3">
          <p role="status" className={end.type === 'exit' && end.code === 0 ? 'flex-1' : 'flex-1 text-failed'}>
            {toEndWords(end, title)}
          </p>
          <Button size="sm" onClick={again}>
            Start again
          </Button>
        </div>
      )}
    </>
  );
}

// On a small screen it stands below what is seen of the terminal.
function intoView(box: HTMLElement | null): void {
  box?.scrollIntoView({ block: 'nearest' });
}

function toEndWords(end: End, title: string): string {
  if (end.type === 'error') return end.message;
  return end.code === 0
    ? `${title} is done. Close this to see whether it is signed in.`
    : `${title} ended with code ${end.code}.`;
}

interface ScreenProps {
  backend: string;
  title: string;
  /** All that was written so far. */
  onText(text: string): void;
  onEnd(end: End): void;
}

function Screen({ backend, title, onText, onEnd }: ScreenProps) {
  const box = useRef<HTMLDivElement>(null);
  const ears = useRef({ onText, onEnd });
  useEffect(() => {
    ears.current = { onText, onEnd };
  });
  const start = useCallback((): (() => void) | undefined => {
    if (box.current === null) return undefined;
    return openLogin({
      box: box.current,
      backend,
      label: `Terminal of ${title}`,
      onText: (text) => ears.current.onText(text),
      onEnd: (end) => ears.current.onEnd(end),
    });
  }, [backend, title]);
  useEffect(start, [start]);
  return (
    <div
      ref={box}
      className="h-[clamp(9rem,38dvh,20rem)] overflow-hidden rounded-md border border-line bg-sunken p-2"
    />
  );
}
