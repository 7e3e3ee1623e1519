import { CloudOff } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useClient, useConnection } from '../live/baton-provider.tsx';
import { useStore } from '../live/use-store.ts';
import { Button } from '../ui/button.tsx';
import { toRetryWords } from './connection-words.ts';

/** Shorter breaks are not worth a word. */
const QUIET_MS = 1000;

/** Says that the line is down and what becomes of what is sent. Floats, so that nothing under it moves, and not over a drawer. */
export function ConnectionBanner() {
  const client = useClient();
  const state = useConnection();
  const isDown = state.status === 'offline' || state.status === 'connecting';
  const shown = useSteadily(isDown, QUIET_MS);
  const kept = useStore(client.pending).length;
  if (!shown) return null;
  return (
    <div
      role="status"
      className="safe-top pointer-events-none absolute inset-x-0 top-2 z-30 flex justify-center px-3 motion-safe:transition-opacity [&:has(~_main_aside)]:justify-start"
    >
      <div className="pointer-events-auto flex max-w-160 items-center gap-3 rounded-lg border border-waiting-line bg-raised py-2 pr-2 pl-3 text-sm shadow-float">
        <CloudOff size={16} strokeWidth={1.75} className="shrink-0 text-waiting" aria-hidden="true" />
        <p className="min-w-0">
          <span className="font-medium">Not connected.</span>{' '}
          <span className="text-ink-2">
            What you send is kept and sent once the server answers.
            {kept > 0 && ` ${kept} kept so far.`} <RetryIn />
          </span>
        </p>
        <Button size="sm" onClick={() => client.reconnect()}>
          Retry now
        </Button>
      </div>
    </div>
  );
}

function RetryIn() {
  const state = useConnection();
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return <span className="tabular hidden whitespace-nowrap text-ink-3 wide:inline">{toRetryWords(state, now)}</span>;
}

// True once `on` has held for the time, false at once when it does not.
function useSteadily(on: boolean, ms: number): boolean {
  const [steady, setSteady] = useState(false);
  useEffect(() => {
    if (!on) return undefined;
    const timer = setTimeout(() => setSteady(true), ms);
    return () => {
      clearTimeout(timer);
      setSteady(false);
    };
  }, [on, ms]);
  return on && steady;
}
