import { Outlet, useParams } from '@tanstack/react-router';
import { lazy, Suspense, useEffect } from 'react';
import { useAttention } from '../attention/use-attention.ts';
import { useStore } from '../live/use-store.ts';
import { NarrowRail } from '../rail/narrow-rail.tsx';
import { Rail } from '../rail/rail.tsx';
import { ComingDialog } from '../ui/coming-dialog.tsx';
import { SplitPane } from '../ui/split-pane.tsx';
import { BottomBar } from './bottom-bar.tsx';
import { ConnectionBanner } from './connection-banner.tsx';
import { useCloseOverlay, useOverlay, useShownOverlay } from './overlay.ts';
import { RAIL_LIMITS, railOpen } from './panes.ts';
import { PhoneBar } from './phone-bar.tsx';
import { StatusLine } from './status-line.tsx';
import { useFrameKeys } from './use-frame-keys.ts';
import { useIsWide } from './use-media.ts';
import { useOpenSessionId } from './use-open-session-id.ts';

const loadNewSession = async () => ({
  default: (await import('../new-session/new-session-dialog.tsx')).NewSessionDialog,
});
const loadSwitcher = async () => ({ default: (await import('../switcher/switcher.tsx')).Switcher });
const NewSessionDialog = lazy(loadNewSession);
const Switcher = lazy(loadSwitcher);
const KeysDialog = lazy(async () => ({ default: (await import('./keys-dialog.tsx')).KeysDialog }));
const SessionStatusLine = lazy(async () => ({
  default: (await import('../session/status-line.tsx')).SessionStatusLine,
}));

const FETCH_AHEAD_MS = 2000;

/** Rail, page and status line on a desktop; page and bottom bar on a phone. */
export function AppFrame() {
  useAttention();
  useFrameKeys();
  useEffect(fetchAhead, []);
  return useIsWide() ? <WideFrame /> : <PhoneFrame />;
}

/** What nearly everybody opens is there before it is asked for, once the page itself is. */
function fetchAhead(): () => void {
  const timer = setTimeout(() => {
    // Who asks for it then hears what is wrong.
    for (const load of [loadNewSession, loadSwitcher]) load().catch(() => undefined);
  }, FETCH_AHEAD_MS);
  return () => clearTimeout(timer);
}

function WideFrame() {
  const open = useStore(railOpen);
  const sessionId = useOpenSessionId();
  return (
    <div className="flex h-full flex-col">
      <SkipLink />
      <div className="flex min-h-0 flex-1">
        {open ? (
          <SplitPane name="rail" side="left" as="nav" label="Sessions" open limits={RAIL_LIMITS}>
            <Rail />
          </SplitPane>
        ) : (
          <NarrowRail />
        )}
        <div className="relative min-w-0 flex-1 bg-canvas">
          <ConnectionBanner />
          <Main />
        </div>
      </div>
      <footer className="border-t border-line">
        {sessionId === undefined ? (
          <StatusLine />
        ) : (
          <Suspense fallback={<div className="h-7" />}>
            <SessionStatusLine sessionId={sessionId} />
          </Suspense>
        )}
      </footer>
      <Overlays />
    </div>
  );
}

function PhoneFrame() {
  // A conversation has the foot of the page for itself.
  const isConversation = useParams({
    strict: false,
    select: ({ sessionId, foundId }) => sessionId !== undefined || foundId !== undefined,
  });
  return (
    <div className="flex h-full flex-col">
      <SkipLink />
      <PhoneBar />
      <div className="relative min-h-0 flex-1">
        <ConnectionBanner />
        <Main />
      </div>
      {!isConversation && <BottomBar />}
      <Overlays />
    </div>
  );
}

function Main() {
  return (
    <main id="page" tabIndex={-1} className="h-full">
      <Outlet />
    </main>
  );
}

function SkipLink() {
  return (
    <a
      href="#page"
      onClick={(event) => {
        event.preventDefault();
        document.getElementById('page')?.focus();
      }}
      className="sr-only z-50 rounded-md bg-accent px-3 py-2 font-medium text-accent-ink focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
    >
      Skip to the page
    </a>
  );
}

function Overlays() {
  const overlay = useOverlay();
  const close = useCloseOverlay();
  useShownOverlay(overlay);
  const props = { open: true, onOpenChange: (open: boolean) => open || close() };
  return (
    <Suspense fallback={<ComingDialog />}>
      {overlay === 'new-session' && <NewSessionDialog {...props} />}
      {overlay === 'switcher' && <Switcher {...props} />}
      {overlay === 'keys' && <KeysDialog {...props} />}
    </Suspense>
  );
}
