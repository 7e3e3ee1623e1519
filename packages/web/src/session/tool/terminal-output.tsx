import { useState } from 'react';
import { stripAnsi } from '../terminal/ansi.ts';
import { TerminalLines, useTerminalLines } from '../terminal/terminal-view.tsx';
import { formatTokens } from '../figures.ts';
import { cutTail } from './cut-lines.ts';
import { MoreButton } from './more-button.tsx';
import { OutputFrame } from './output-frame.tsx';
import { toSeenText } from '../../ui/seen-text.ts';

export interface TerminalOutputProps {
  /** The command, shown above what it printed. */
  command?: string | undefined;
  text: string;
  /** Characters that Baton left out. */
  cut?: number | undefined;
  live?: boolean;
}

const TAIL = 16;
const LIVE_TAIL = 8;
// What a person can look at while it runs past; all of it comes when the command ends.
const LIVE_CHARS = 20_000;

/** A command and the end of its output; all of it on request. */
export function TerminalOutput({ command, text, cut, live = false }: TerminalOutputProps) {
  const [whole, setWhole] = useState(false);
  const lines = useTerminalLines(live && !whole ? text.slice(-LIVE_CHARS) : text);
  const { shown, hidden } = whole ? { shown: lines, hidden: 0 } : cutTail(lines, live ? LIVE_TAIL : TAIL);
  return (
    <OutputFrame copy={() => stripAnsi(text)}>
      {command !== undefined && <CommandText command={command} />}
      {hidden > 0 && <MoreButton hidden={hidden} where="above" onOpen={() => setWhole(true)} />}
      {shown.length > 0 && (
        <pre className="scroll-thin max-h-[70vh] overflow-auto px-3 py-2 text-code text-ink-2" tabIndex={0}>
          <TerminalLines lines={shown} />
        </pre>
      )}
      {cut !== undefined && cut > 0 && (
        <p className="border-t border-line px-3 py-1.5 text-xs text-ink-3">
          {formatTokens(cut)} characters were left out of the record.
        </p>
      )}
    </OutputFrame>
  );
}

function CommandText({ command }: { command: string }) {
  return (
    <div className="flex gap-2 border-b border-line px-3 py-2 font-mono text-code last:border-b-0">
      <span className="text-ink-3 select-none" aria-hidden="true">
        $
      </span>
      <span className="min-w-0 flex-1 pr-6 break-words whitespace-pre-wrap text-ink">{toSeenText(command)}</span>
    </div>
  );
}
