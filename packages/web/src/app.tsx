import type { BatonClient } from '@baton/client';
import { CSPProvider } from '@base-ui/react/csp-provider';
import { RouterProvider } from '@tanstack/react-router';
import { useState } from 'react';
import type { Api } from './live/api.ts';
import { BatonProvider } from './live/baton-provider.tsx';
import { useStore } from './live/use-store.ts';
import type { ValueStore } from './live/value-store.ts';
import { createAppRouter } from './routes/router.tsx';
import type { IdentityStore } from './sign-in/identity.ts';
import { SignInPage } from './sign-in/sign-in-page.tsx';
import { IdentityContext } from './sign-in/use-identity.ts';
import { LiveRegion } from './ui/live-region.tsx';
import { SpinnerAfter } from './ui/spinner-after.tsx';
import { ToastRegion } from './ui/toast.tsx';
import { TooltipLayer } from './ui/tooltip-layer.tsx';

export interface AppProps {
  api: Api;
  identity: IdentityStore;
  /** The connection, while someone is signed in. */
  line: ValueStore<BatonClient | undefined>;
}

/** Whoever is signed in gets the frame, whoever is not the sign-in page. */
export function App({ api, identity, line }: AppProps) {
  const state = useStore(identity);
  const client = useStore(line);
  return (
    <CSPProvider disableStyleElements>
      <IdentityContext value={identity}>
        {state.status === 'checking' && <SpinnerAfter what="Signing in" />}
        {state.status === 'out' && <SignInPage error={state.error} onSignIn={identity.signIn} />}
        {state.status === 'in' && client !== undefined && (
          <BatonProvider client={client} api={api}>
            <Pages />
          </BatonProvider>
        )}
      </IdentityContext>
      <ToastRegion />
      <TooltipLayer />
      <LiveRegion />
    </CSPProvider>
  );
}

function Pages() {
  const [router] = useState(createAppRouter);
  return <RouterProvider router={router} />;
}
