import { Link } from '@tanstack/react-router';
import { Activity, Bot, ChevronRight, Keyboard, LogOut, Scale } from 'lucide-react';
import type { ReactNode } from 'react';
import { HotkeyList } from '../frame/keys-dialog.tsx';
import { usePageTitle } from '../frame/page-title.ts';
import { useConnection } from '../live/baton-provider.tsx';
import { useIdentity } from '../sign-in/use-identity.ts';
import { Button } from '../ui/button.tsx';
import { showToast } from '../ui/toast.tsx';
import { ConnectionSign } from '../frame/connection-sign.tsx';
import { LookSettings } from './look-settings.tsx';
import { NotifySettings } from './notify-settings.tsx';
import { SingleKeySetting } from './single-key-setting.tsx';

/** What belongs to this browser and this user, and what the server has found. */
export function SettingsPage() {
  usePageTitle('Settings');
  return (
    <div className="scroll-thin h-full overflow-y-auto">
      <div className="mx-auto max-w-180 px-4 pt-4 pb-12 wide:px-6">
        <h1 className="mb-4 hidden h-8 items-center text-md font-semibold wide:flex">Settings</h1>
        <Section title="Look" note="Kept in this browser.">
          <LookSettings />
        </Section>
        <Section title="When an agent needs you">
          <NotifySettings />
        </Section>
        <Section title="Agents" note="Install, sign in, test, add your own.">
          <Link
            to="/agents"
            className="touch -m-2 flex min-h-8 items-center gap-2 rounded-md p-2 font-medium hover:bg-hover coarse:min-h-11"
          >
            <Bot size={16} strokeWidth={1.75} className="text-ink-3" aria-hidden="true" />
            <span className="flex-1">See all agents</span>
            <ChevronRight size={16} strokeWidth={1.75} className="text-ink-3" aria-hidden="true" />
          </Link>
        </Section>
        <Section title="Policies" note="Rules that answer approvals for you.">
          <Link
            to="/policies"
            className="touch -m-2 flex min-h-8 items-center gap-2 rounded-md p-2 font-medium hover:bg-hover coarse:min-h-11"
          >
            <Scale size={16} strokeWidth={1.75} className="text-ink-3" aria-hidden="true" />
            <span className="flex-1">Change the rules</span>
            <ChevronRight size={16} strokeWidth={1.75} className="text-ink-3" aria-hidden="true" />
          </Link>
        </Section>
        <Section title="Keyboard">
          <SingleKeySetting />
          <details className="group mt-2 border-t border-line pt-2">
            <summary className="flex h-8 items-center gap-2 rounded-md font-medium coarse:h-11">
              <Keyboard size={16} strokeWidth={1.75} className="text-ink-3" aria-hidden="true" />
              <span className="flex-1">All shortcuts</span>
              <ChevronRight
                size={16}
                strokeWidth={1.75}
                className="text-ink-3 transition-transform duration-100 group-open:rotate-90"
                aria-hidden="true"
              />
            </summary>
            <div className="pt-2">
              <HotkeyList />
            </div>
          </details>
        </Section>
        <Section title="You and the server">
          <ServerFacts />
          <Link
            to="/server"
            className="touch -mx-2 mt-3 -mb-2 flex min-h-8 items-center gap-2 rounded-md p-2 font-medium hover:bg-hover coarse:min-h-11"
          >
            <Activity size={16} strokeWidth={1.75} className="text-ink-3" aria-hidden="true" />
            <span className="flex-1">How the server does</span>
            <ChevronRight size={16} strokeWidth={1.75} className="text-ink-3" aria-hidden="true" />
          </Link>
        </Section>
      </div>
    </div>
  );
}

function Section({ title, note, children }: { title: string; note?: string; children: ReactNode }) {
  return (
    <section className="mb-8" aria-label={title}>
      <div className="mb-2 flex items-baseline gap-2">
        <h2 className="text-sm font-semibold">{title}</h2>
        {note !== undefined && <p className="text-xs text-ink-3">{note}</p>}
      </div>
      <div className="rounded-lg border border-line bg-surface p-4">{children}</div>
    </section>
  );
}

function ServerFacts() {
  const identity = useIdentity();
  const state = useConnection();
  const signOut = () => {
    identity.signOut().catch(() => {
      showToast({ title: 'Not signed out', description: 'The server did not answer. Try again.', tone: 'failed' });
    });
  };
  return (
    <div className="flex flex-wrap items-center gap-x-6 gap-y-3">
      <dl className="grid flex-1 grid-cols-[auto_1fr] gap-x-4 gap-y-1.5">
        {state.status === 'online' && (
          <>
            <dt className="text-ink-3">Signed in as</dt>
            <dd>{state.user.name}</dd>
            <dt className="text-ink-3">Server</dt>
            <dd className="tabular">Baton {state.serverVersion}</dd>
          </>
        )}
        <dt className="text-ink-3">Address</dt>
        <dd className="truncate">{location.host}</dd>
        <dt className="text-ink-3">Line</dt>
        <dd>
          <ConnectionSign />
        </dd>
      </dl>
      <Button icon={<LogOut size={16} strokeWidth={1.75} />} onClick={signOut}>
        Sign out
      </Button>
    </div>
  );
}
