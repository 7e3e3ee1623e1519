// First of all, before anything is rendered, sent or logged: the key leaves the address bar.
import { key } from './sign-in/key-of-address.ts';
import { createBatonClient } from '@baton/client';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { createApi } from './live/api.ts';
import { createLine } from './live/line.ts';
import { readSessionStorage } from './live/session-storage.ts';
import { seedHistory } from './routes/seed-history.ts';
import { createIdentity } from './sign-in/identity.ts';
import { takeKey } from './sign-in/take-key.ts';
import { listenForHeldKeys } from './ui/key-hold.ts';
import { listenForHotkeys } from './ui/use-hotkeys.ts';
import './styles.css';

seedHistory(window);
const api = createApi(location.origin);
const identity = createIdentity(api);
void identity.begin(key);
// A sign-in link opened over a page that is already here changes only the fragment.
window.addEventListener('hashchange', () => {
  const late = takeKey(window);
  if (late !== undefined) void identity.signIn(late);
});
listenForHeldKeys(window);
listenForHotkeys(window);

const line = createLine({
  identity,
  connect: () => createBatonClient({ url: location.origin, name: 'web', storage: readSessionStorage() }),
});

const root = document.getElementById('root');
if (root === null) throw new Error('Broken invariant: the page has no root element');
createRoot(root).render(
  <StrictMode>
    <App api={api} identity={identity} line={line} />
  </StrictMode>,
);
