import type { SessionView } from '@baton/protocol';
import { Suspense, useState } from 'react';
import { lazyPart } from '../live/lazy-part.ts';
import { fetchCode } from '../live/fetch-code.ts';
import { CardMenuButton } from './card-menu-button.tsx';

const load = () => fetchCode(() => import('./card-menu-open.tsx'));
const CardMenuOpen = lazyPart(async () => (await load()).CardMenuOpen);

/** What can be done with a session without opening it. The menu is loaded when someone reaches for it. */
export function CardMenu({ session }: { session: SessionView }) {
  const [wanted, setWanted] = useState(false);
  if (wanted) {
    return (
      <Suspense fallback={<CardMenuButton session={session} />}>
        <CardMenuOpen session={session} />
      </Suspense>
    );
  }
  return (
    <CardMenuButton
      session={session}
      onPointerEnter={() => void load()}
      onFocus={() => void load()}
      onClick={() => setWanted(true)}
    />
  );
}
