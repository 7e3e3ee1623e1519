import { Outlet, useParams } from '@tanstack/react-router';
import { Suspense, useEffect } from 'react';
import { useAttention } from '../attention/use-attention.ts';
import { fetchCode } from '../live/fetch-code.ts';
import { lazyPart } from '../live/lazy-part.ts';
import { useStore } from '../live/use-store.ts';
import { NarrowRail } from '../rail/narrow-rail.tsx';
import { Rail } from '../rail/rail.tsx';
import { ComingDialog } from '../ui/coming-dialog.tsx';
import { SplitPane } from '../ui/split-pane.tsx';
import { useFileDrop } from '../ui/use-file-drop.ts';
import { BottomBar } from './bottom-bar.tsx';
import { ConnectionBanner } from './connection-banner.tsx';
import { useCloseOverlay, useOverlay, useShownOverlay } from './overlay.ts';
import { RAIL_LIMITS, railOpen } from './panes.ts';
import { PhoneBar } from './phone-bar.tsx';
import { StatusLine } from './status-line.tsx';
import { useFrameKeys } from './use-frame-keys.ts';
import { useIsWide } from './use-media.ts';
import { useOpenSessionId } from './use-open-session-id.ts';

const loadNewSession = async () => (await import('../new-session/new-session-dialog.tsx')).NewSessionDialog;
const loadSwitcher = async () => (await import('../switcher/switcher.tsx')).Switcher;
const NewSessionDialog = lazyPart(loadNewSession);
const Switcher = lazyPart(loadSwitcher);
const KeysDialog = lazyPart(async () => (await import('./keys-dialog.tsx')).KeysDialog);
const SessionStatusLine = lazyPart(async () => (await import('../session/status-line.tsx')).SessionStatusLine);

const FETCH_AHEAD_MS = 2000;

/**
 * Rail, page and status line on a desktop; page and bottom bar on a phone. The page is the same one in both, so that
 * a phone that is turned, or a window that is drawn larger, loses nothing that is open or typed in it.
 */
export function AppFrame() {
  useAttention();
  useFrameKeys();
  useFileDrop();
  useEffect(fetchAhead, []);
  const isWide = useIsWide();
  return (
    <div className="flex h-full flex-col">
      <SkipLink />
      {!isWide && <PhoneBar />}
      <div className="flex min-h-0 flex-1">
        {isWide && <SideRail />}
        <div className="relative min-w-0 flex-1 bg-canvas">
          <ConnectionBanner />
          <main id="page" tabIndex={-1} className="h-full">
            <Outlet />
          </main>
        </div>
      </div>
      {isWide ? <WideFoot /> : <PhoneFoot />}
      <Overlays />
    </div>
  );
}

/** What nearly everybody opens is there before it is asked for, once the page itself is. */
function fetchAhead(): () => void {
  const timer = setTimeout(() => {
    // Who asks for it then hears what is wrong.
    for (const load of [loadNewSession, loadSwitcher]) fetchCode<unknown>(load).catch(() => undefined);
  }, FETCH_AHEAD_MS);
  return () => clearTimeout(timer);
}

function SideRail() {
  const open = useStore(railOpen);
  if (!open) return <NarrowRail />;
  return (
    <SplitPane name="rail" side="left" as="nav" label="Sessions" open limits={RAIL_LIMITS}>
      <Rail />
    </SplitPane>
  );
}

function WideFoot() {
  const sessionId = useOpenSessionId();
  return (
    <footer className="border-t border-line">
      {sessionId === undefined ? (
        <StatusLine />
      ) : (
        <Suspense fallback={<div className="h-7" />}>
          <SessionStatusLine sessionId={sessionId} />
        </Suspense>
      )}
    </footer>
  );
}

function PhoneFoot() {
  // A conversation has the foot of the page for itself.
  const isConversation = useParams({
    strict: false,
    select: ({ sessionId, foundId }) => sessionId !== undefined || foundId !== undefined,
  });
  return isConversation ? null : <BottomBar />;
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
