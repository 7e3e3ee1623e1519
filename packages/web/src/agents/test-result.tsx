import type { AgentTest } from '@baton/protocol';
import { Check, CircleAlert } from 'lucide-react';
import { SpinnerAfter } from '../ui/spinner-after.tsx';

/** What came of one rehearsal turn. */
export function TestResult({ busy, result }: { busy: boolean; result: AgentTest | undefined }) {
  if (busy) {
    return (
      <SpinnerAfter
        what="One turn against a scripted model, free and on this machine"
        mend="It may take up to 90 seconds until it is given up."
        className="mt-3 flex min-h-5 flex-wrap items-center gap-2 text-ink-3"
      />
    );
  }
  if (result === undefined) return null;
  return result.ok ? <Passed result={result} /> : <Failed result={result} />;
}

function Passed({ result }: { result: AgentTest }) {
  return (
    <div
      role="status"
      className="mt-3 flex items-start gap-2 rounded-md border border-line bg-sunken px-3 py-2 text-sm"
    >
      <Check size={15} strokeWidth={1.75} className="mt-px shrink-0 text-accent" aria-hidden="true" />
      <p className="min-w-0 flex-1">
        <span className="font-medium">It answered in {(result.ms / 1000).toFixed(1)} s</span>
        <span className="text-ink-2">: “{result.said}”</span>
      </p>
    </div>
  );
}

function Failed({ result: { failure } }: { result: AgentTest }) {
  return (
    <div role="alert" className="mt-3 rounded-md border border-failed-line bg-failed-soft px-3 py-2 text-sm">
      <p className="flex items-start gap-2 text-failed">
        <CircleAlert size={15} strokeWidth={1.75} className="mt-px shrink-0" aria-hidden="true" />
        <span className="min-w-0 flex-1 wrap-anywhere">{failure?.message ?? 'The test failed'}</span>
      </p>
      {failure !== undefined && failure.lines.length > 0 && (
        <pre
          tabIndex={0}
          aria-label="The last lines it wrote"
          className="scroll-thin mt-2 max-h-40 overflow-auto font-mono text-xs leading-5 whitespace-pre-wrap text-ink-2 wrap-anywhere"
        >
          {failure.lines.join('\n')}
        </pre>
      )}
    </div>
  );
}
