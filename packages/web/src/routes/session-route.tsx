import type { SessionId } from '@baton/protocol';
import { Suspense } from 'react';
import { lazyPart } from '../live/lazy-part.ts';
import { useCloseOverlay, useOverlay } from '../frame/overlay.ts';
import { usePageTitle } from '../frame/page-title.ts';
import { DRAWER_LIMITS, drawerOpen } from '../frame/panes.ts';
import { useMedia, VERY_WIDE } from '../frame/use-media.ts';
import { useOpenSessionId } from '../frame/use-open-session-id.ts';
import { useSessionPart, useSessionView } from '../live/baton-provider.tsx';
import { QueryProvider } from '../live/query-provider.tsx';
import { useStore } from '../live/use-store.ts';
import { SessionPage } from '../session/session-page.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { SpinnerAfter } from '../ui/spinner-after.tsx';
import { SplitPane } from '../ui/split-pane.tsx';
import { NotFoundPage } from './not-found-page.tsx';

const SessionDrawer = lazyPart(async () => (await import('../session/session-drawer.tsx')).SessionDrawer);

/** A session's conversation, with its drawer beside it or over it. */
export function SessionRoute() {
  const sessionId = useOpenSessionId();
  if (sessionId === undefined) return <NotFoundPage />;
  return (
    <QueryProvider>
      <OpenSession key={sessionId} sessionId={sessionId} />
    </QueryProvider>
  );
}

function OpenSession({ sessionId }: { sessionId: SessionId }) {
  usePageTitle(useSessionView(sessionId)?.title ?? 'Session');
  const open = useStore(drawerOpen);
  const isGone = useSessionPart(sessionId, ({ status }) => status === 'gone');
  const hasRoom = useMedia(VERY_WIDE);
  const isSheet = useOverlay() === 'drawer' && !hasRoom;
  const closeOverlay = useCloseOverlay();
  const drawer = (
    <Suspense fallback={<SpinnerAfter what="Loading the drawer" />}>
      <SessionDrawer sessionId={sessionId} />
    </Suspense>
  );
  return (
    <div className="flex h-full">
      <div className="min-w-0 flex-1">
        <SessionPage sessionId={sessionId} />
      </div>
      {hasRoom && !isGone && (
        <SplitPane
          name="drawer"
          side="right"
          label="Plan and files"
          open={open}
          limits={DRAWER_LIMITS}
          className="bg-surface"
        >
          <div className="scroll-thin min-h-0 flex-1 overflow-y-auto">{drawer}</div>
        </SplitPane>
      )}
      {isSheet && !isGone && (
        <Dialog open onOpenChange={(next) => next || closeOverlay()} title="Plan and files" size="sm">
          {drawer}
        </Dialog>
      )}
    </div>
  );
}
