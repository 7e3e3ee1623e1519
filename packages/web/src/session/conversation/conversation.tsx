import type { SessionId, SessionView } from '@baton/protocol';
import { useEffect, useMemo, useRef, type KeyboardEvent, type Ref } from 'react';
import type { LiveSession } from '../../live/baton-provider.tsx';
import { useStore } from '../../live/use-store.ts';
import { IS_MAC } from '../../ui/key-names.ts';
import { useHotkeys } from '../../ui/use-hotkeys.ts';
import { ConversationProvider } from './conversation-context.ts';
import { readPlaceLink } from '../branch/turn-link.ts';
import { findJumpRow, jumpStore, toUnfolding } from './jump.ts';
import { noTitles } from './mark-words.ts';
import type { Row } from './row.ts';
import { RowList, type RowListHandle } from './row-list.tsx';
import { toFoldables, toNextTurn } from './row-steps.ts';
import { useFolds, type FoldControls } from './use-folds.ts';
import { useRows } from './use-rows.ts';

export interface ConversationViewProps {
  live: Pick<LiveSession, 'timeline' | 'optimistic' | 'steering' | 'hasOlder' | 'loadOlder'>;
  view: Pick<SessionView, 'id' | 'cwd' | 'backend' | 'agent'>;
  /** Nothing can be done from its turns. */
  readOnly?: boolean;
  ref?: Ref<RowListHandle>;
}

/** All turns of a session, with the keys that move through them. */
export function ConversationView({ live, view, readOnly = false, ref }: ConversationViewProps) {
  const controls = useFolds();
  const { folds, fold, foldAll, toggleReasoning } = controls;
  const { rows } = useRows({
    timeline: live.timeline,
    optimistic: live.optimistic,
    steering: live.steering,
    folds,
  });
  const list = useRef<RowListHandle>(null);
  const { id: sessionId, cwd, backend } = view;
  const { models, modes } = view.agent ?? noTitles;
  const conversation = useMemo(
    () => ({
      sessionId,
      cwd,
      backend,
      titles: { models, modes },
      readOnly,
      fold(key: string, unfolded: boolean) {
        list.current?.hold();
        fold(key, unfolded);
      },
    }),
    [sessionId, cwd, backend, models, modes, readOnly, fold],
  );
  useHotkeys([
    {
      // Control on every system, as in the agents' own terminals.
      keys: IS_MAC ? 'Ctrl+O' : 'Mod+O',
      title: 'Open or fold all reasoning',
      group: 'Conversation',
      everywhere: true,
      run: () => toggleReasoning(rows.flatMap((row) => (row.kind === 'reasoning' ? [row.key] : []))),
    },
  ]);
  usePlaceLink(sessionId);
  useJump({ live, view, rows, list, controls });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const key = event.key.toLowerCase();
    const at = toRowIndex(event.target, rows);
    if (key === 'j' || key === 'k') list.current?.focusRow(toNextTurn(rows, at, key === 'j' ? 1 : -1));
    else if (key === 'o') {
      list.current?.hold();
      foldAll(...toFoldables(rows, at));
    } else return;
    event.preventDefault();
  };
  return (
    <ConversationProvider value={conversation}>
      <div onKeyDown={onKeyDown} className="flex min-h-0 flex-1 flex-col">
        <RowList
          ref={(handle) => {
            list.current = handle;
            if (typeof ref === 'function') ref(handle);
            else if (ref) ref.current = handle;
          }}
          rows={rows}
          hasOlder={live.hasOlder}
          loadOlder={live.loadOlder}
        />
      </div>
    </ConversationProvider>
  );
}

function toRowIndex(target: EventTarget, rows: readonly Row[]): number {
  const key = target instanceof Element ? target.closest<HTMLElement>('[data-row]')?.dataset['row'] : undefined;
  return rows.findIndex((row) => row.key === key);
}

interface JumpOptions {
  live: ConversationViewProps['live'];
  view: ConversationViewProps['view'];
  rows: readonly Row[];
  list: { readonly current: RowListHandle | null };
  controls: FoldControls;
}

// First opens what the item stands in, then, once its row is there, goes to it. What is further back is brought first.
function useJump({ live, view, rows, list, controls }: JumpOptions): void {
  const wanted = useStore(jumpStore);
  const opened = useRef<{ wanted: typeof wanted; turns: readonly unknown[] }>(undefined);
  const loading = useRef(false);
  useEffect(() => {
    if (wanted?.sessionId !== view.id) return;
    const { turns } = live.timeline;
    const index = findJumpRow(wanted, rows);
    if (opened.current?.wanted !== wanted || (index < 0 && opened.current.turns !== turns)) {
      opened.current = { wanted, turns };
      controls.foldAll(toUnfolding(wanted, turns, rows), true);
      return;
    }
    if (index < 0 && live.hasOlder) {
      if (loading.current) return;
      loading.current = true;
      live
        .loadOlder()
        .catch(() => jumpStore.set(undefined))
        .finally(() => {
          loading.current = false;
        });
      return;
    }
    jumpStore.set(undefined);
    if (index >= 0) list.current?.focusRow(index, { flash: true });
  }, [wanted, view.id, live, rows, list, controls]);
}

// An address may name a turn or an item; it is gone to once, when the page opens.
function usePlaceLink(sessionId: SessionId): void {
  useEffect(() => {
    const place = readPlaceLink(location.hash);
    if (place !== undefined) jumpStore.set({ sessionId, ...place });
  }, [sessionId]);
}
