import type { AgentFault } from '@baton/protocol';
import { CircleAlert } from 'lucide-react';
import { CopyButton } from '../ui/copy-button.tsx';

/** What is wrong, each with its mend; a command in it can be copied. */
export function FaultList({ faults }: { faults: readonly AgentFault[] }) {
  if (faults.length === 0) return null;
  return (
    <ul className="mt-2 flex flex-col gap-2">
      {faults.map(({ kind, what, mend }) => (
        <li key={kind} className="flex items-start gap-2 text-sm">
          <CircleAlert size={14} strokeWidth={1.75} className="mt-0.5 shrink-0 text-waiting" aria-hidden="true" />
          <div className="min-w-0 flex-1">
            <p className="wrap-anywhere">{what}</p>
            <Mend text={mend} />
          </div>
        </li>
      ))}
    </ul>
  );
}

function Mend({ text }: { text: string }) {
  const command = /(?:run|it): (.+)$/.exec(text)?.[1];
  if (command === undefined) return <LinkedText text={text} />;
  return (
    <p className="flex flex-wrap items-center gap-x-1.5 text-ink-2">
      {text.slice(0, text.length - command.length).trimEnd()}
      <span className="inline-flex min-w-0 items-center gap-0.5">
        <code className="font-mono text-xs wrap-anywhere text-ink">{command}</code>
        <CopyButton text={command} label="Copy the command" />
      </span>
    </p>
  );
}

/** Some come from a site of their own, whose address ends the sentence. */
function LinkedText({ text }: { text: string }) {
  const link = /https:\/\/\S+$/.exec(text)?.[0] ?? '';
  return (
    <p className="text-ink-2 wrap-anywhere">
      {text.slice(0, text.length - link.length)}
      {link !== '' && (
        <a href={link} target="_blank" rel="noreferrer" className="touch text-accent underline">
          {link}
        </a>
      )}
    </p>
  );
}
