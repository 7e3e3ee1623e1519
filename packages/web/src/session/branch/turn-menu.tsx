import type { TurnId } from '@baton/protocol';
import { lazy, Suspense, useState } from 'react';
import { TurnMenuButton } from './turn-menu-button.tsx';

const load = () => import('./turn-menu-open.tsx');
const TurnMenuOpen = lazy(async () => ({ default: (await load()).TurnMenuOpen }));

/** What can be done from the end of a turn. The menu is loaded when someone reaches for it. */
export function TurnMenu({ turnId }: { turnId: TurnId }) {
  const [wanted, setWanted] = useState(false);
  if (wanted) {
    return (
      <Suspense fallback={<TurnMenuButton />}>
        <TurnMenuOpen turnId={turnId} />
      </Suspense>
    );
  }
  return (
    <TurnMenuButton onPointerEnter={() => void load()} onFocus={() => void load()} onClick={() => setWanted(true)} />
  );
}
