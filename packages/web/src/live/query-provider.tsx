import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useEffect, type ReactNode } from 'react';
import { useConnection } from './baton-provider.tsx';

// One cache for the page; it lives in the pages that ask over HTTP, so that the first load goes without it.
const queries = new QueryClient({ defaultOptions: { queries: { staleTime: 30_000, retry: 1 } } });

/** Around whatever uses queries. What failed while the server was away is asked again once it is back. */
export function QueryProvider({ children }: { children: ReactNode }) {
  const isOnline = useConnection().status === 'online';
  useEffect(() => {
    if (isOnline) void queries.refetchQueries({ type: 'active', predicate: ({ state }) => state.status === 'error' });
  }, [isOnline]);
  return <QueryClientProvider client={queries}>{children}</QueryClientProvider>;
}
