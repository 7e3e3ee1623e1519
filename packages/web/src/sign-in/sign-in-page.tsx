import { useState, type FormEvent } from 'react';
import { BrandMark } from '../ui/brand-mark.tsx';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { TextField } from '../ui/text-field.tsx';

export interface SignInPageProps {
  error?: string | undefined;
  onSignIn(key: string): Promise<void>;
}

export function SignInPage({ error, onSignIn }: SignInPageProps) {
  const [key, setKey] = useState('');
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    await onSignIn(key);
    setBusy(false);
  };
  return (
    <main className="flex h-full items-center justify-center overflow-y-auto bg-canvas p-4">
      <div className="w-full max-w-92">
        <div className="mb-6 flex items-center gap-2">
          <BrandMark className="size-6" />
          <h1 className="text-lg font-semibold">Sign in to Baton</h1>
        </div>
        <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-3">
          <TextField
            label="Key"
            type="password"
            autoComplete="current-password"
            spellCheck={false}
            value={key}
            onChange={(event) => setKey(event.target.value)}
            error={error}
            autoFocus
          />
          <Button type="submit" variant="primary" disabled={busy || key.trim() === ''}>
            {busy ? 'Signing in' : 'Sign in'}
          </Button>
        </form>
        <div className="mt-6 border-t border-line pt-4 text-sm text-ink-2">
          <p>No key at hand? On the machine that runs Baton, this opens a page that is already signed in:</p>
          <div className="mt-2 flex items-center justify-between rounded-md border border-line bg-sunken py-1 pr-1 pl-3">
            <code className="text-code text-ink">baton open</code>
            <CopyButton text="baton open" label="Copy command" />
          </div>
          <p className="mt-3 text-ink-3">The key itself is in the file owner.key of Baton’s data folder.</p>
        </div>
      </div>
    </main>
  );
}
