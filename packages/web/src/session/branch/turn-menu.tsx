import type { TurnId } from '@baton/protocol';
import { Suspense, useState } from 'react';
import { lazyPart } from '../../live/lazy-part.ts';
import { fetchCode } from '../../live/fetch-code.ts';
import { TurnMenuButton } from './turn-menu-button.tsx';

const load = () => fetchCode(() => import('./turn-menu-open.tsx'));
const TurnMenuOpen = lazyPart(async () => (await load()).TurnMenuOpen);

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
