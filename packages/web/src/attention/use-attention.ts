import type { InboxSnapshot } from '@baton/client';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { pageTitle, toDocumentTitle } from '../frame/page-title.ts';
import { useClient, useInbox } from '../live/baton-provider.tsx';
import { useStore } from '../live/use-store.ts';
import { countWaiting } from '../sessions/lanes.ts';
import { announce } from '../ui/live-region.tsx';
import { showNotification } from './notifications.ts';
import { toNewCalls } from './new-calls.ts';

/** The title, the icon, the spoken word and the notification that tell when an agent needs its user. */
export function useAttention(): void {
  const inbox = useInbox();
  const title = useStore(pageTitle);
  const waiting = countWaiting(inbox);
  useEffect(() => {
    document.title = toDocumentTitle(title, waiting);
    document.querySelector('link[rel="icon"]')?.setAttribute('href', waiting > 0 ? '/icon-waiting.svg' : '/icon.svg');
  }, [title, waiting]);
  useCalls(inbox);
}

function useCalls(inbox: InboxSnapshot): void {
  const client = useClient();
  const navigate = useNavigate();
  // What waited when the page was opened is on the page; only what comes later calls.
  const seen = useRef<Set<string> | null>(null);
  useEffect(() => {
    if (inbox.status === 'loading') return;
    const calls = toNewCalls(seen.current ?? new Set(), inbox, client.sessions.get().sessions);
    const isFirst = seen.current === null;
    seen.current = new Set([...inbox.approvals, ...inbox.questions].map((entry) => entry.id));
    if (isFirst) return;
    for (const call of calls) {
      announce(`${call.title}. ${call.body}`);
      if (document.hidden || !document.hasFocus()) {
        showNotification(call, () => {
          void navigate({ to: '/sessions/$sessionId', params: { sessionId: call.sessionId } });
        });
      }
    }
  }, [inbox, client, navigate]);
}
