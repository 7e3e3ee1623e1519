import type { BackendView } from '@baton/protocol';
import { Suspense } from 'react';
import { lazyPart } from '../live/lazy-part.ts';
import { useRefreshBackends } from '../live/use-backends.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { SpinnerAfter } from '../ui/spinner-after.tsx';

// The terminal is large, and few sessions of a page see it.
const LoginTerminal = lazyPart(async () => (await import('./login-terminal.tsx')).LoginTerminal);

/** The agent's own sign-in, in a terminal of its own. Baton sees no password: what is typed goes to the agent. */
export function SignInDialog({ backend, onClose }: { backend: BackendView; onClose(): void }) {
  const refresh = useRefreshBackends();
  const { signIn, title } = backend;
  if (signIn?.how !== 'terminal') return null;
  const close = () => {
    onClose();
    void refresh().catch(() => undefined);
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => open || close()}
      title={`Sign in to ${title}`}
      size="lg"
      description={
        signIn.inPage
          ? `This is ${title}'s own sign-in, running on the server. Baton passes on what you type and keeps nothing of it.`
          : 'This system gives Baton no terminal. Run the command in one of your own, then look again.'
      }
    >
      <div className="flex flex-col gap-3 px-4 pt-1 pb-4">
        <p className="flex flex-wrap items-center gap-1.5 text-sm text-ink-2">
          <code className="rounded-sm bg-sunken px-1.5 py-0.5 font-mono text-xs text-ink">{signIn.command}</code>
          <CopyButton text={signIn.command} label="Copy the command" />
          {signIn.variables.length > 0 && <span>or set {signIn.variables.join(' or ')} where Baton starts</span>}
        </p>
        {signIn.inPage && (
          <Suspense
            fallback={
              <SpinnerAfter
                what="Loading the terminal"
                className="flex h-[clamp(9rem,38dvh,20rem)] items-center gap-2 text-ink-3"
              />
            }
          >
            <LoginTerminal backend={backend.id} title={title} onEnded={() => void refresh().catch(() => undefined)} />
          </Suspense>
        )}
      </div>
    </Dialog>
  );
}
