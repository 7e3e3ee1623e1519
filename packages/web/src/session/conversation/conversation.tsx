import type { SessionId, SessionView } from '@baton/protocol';
import { useEffect, useMemo, useRef, type KeyboardEvent, type Ref } from 'react';
import type { LiveSession } from '../../live/baton-provider.tsx';
import { useStore } from '../../live/use-store.ts';
import { IS_MAC } from '../../ui/key-names.ts';
import { useHotkeys } from '../../ui/use-hotkeys.ts';
import { ConversationProvider } from './conversation-context.ts';
import { readTurnLink } from '../branch/turn-link.ts';
import { findJumpRow, jumpStore, toUnfolding } from './jump.ts';
import type { Row } from './row.ts';
import { RowList, type RowListHandle } from './row-list.tsx';
import { toFoldables, toNextTurn } from './row-steps.ts';
import { useFolds, type FoldControls } from './use-folds.ts';
import { useRows } from './use-rows.ts';

export interface ConversationViewProps {
  live: LiveSession;
  view: SessionView;
  ref?: Ref<RowListHandle>;
}

/** All turns of a session, with the keys that move through them. */
export function ConversationView({ live, view, ref }: ConversationViewProps) {
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
  const conversation = useMemo(
    () => ({
      sessionId,
      cwd,
      backend,
      fold(key: string, unfolded: boolean) {
        list.current?.hold();
        fold(key, unfolded);
      },
    }),
    [sessionId, cwd, backend, fold],
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
  useTurnLink(sessionId);
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
  live: LiveSession;
  view: SessionView;
  rows: readonly Row[];
  list: { readonly current: RowListHandle | null };
  controls: FoldControls;
}

// First opens what the item stands in, then, once its row is there, goes to it.
function useJump({ live, view, rows, list, controls }: JumpOptions): void {
  const wanted = useStore(jumpStore);
  const opened = useRef<typeof wanted>(undefined);
  useEffect(() => {
    if (wanted?.sessionId !== view.id) return;
    if (opened.current !== wanted) {
      opened.current = wanted;
      controls.foldAll(toUnfolding(wanted, live.timeline.turns, rows), true);
      return;
    }
    const index = findJumpRow(wanted, rows);
    jumpStore.set(undefined);
    if (index >= 0) list.current?.focusRow(index);
  }, [wanted, view.id, live.timeline.turns, rows, list, controls]);
}

// An address may name a turn; it is gone to once, when the page opens.
function useTurnLink(sessionId: SessionId): void {
  useEffect(() => {
    const turnId = readTurnLink(location.hash);
    if (turnId !== undefined) jumpStore.set({ sessionId, turnId });
  }, [sessionId]);
}
