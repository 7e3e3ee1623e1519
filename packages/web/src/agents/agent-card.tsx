import type { AgentInstall, BackendView } from '@baton/protocol';
import { Download, FlaskConical, History, KeyRound, Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { AgentMark } from '../ui/agent-mark.tsx';
import { Button } from '../ui/button.tsx';
import { WholePath } from '../ui/whole-path.tsx';
import { canSignIn, toCapabilityWords, toInstallVersion, toInstallWords, toSignInWords } from './agent-words.ts';
import { BackendStanding } from './backend-standing.tsx';
import { BreakerNote } from './breaker-note.tsx';
import { FaultList } from './fault-list.tsx';
import { InstallProgress } from './install-progress.tsx';
import { LookResult } from './look-result.tsx';
import { SignInDialog } from './sign-in-dialog.tsx';
import { TestResult } from './test-result.tsx';
import { useAgentTest } from './use-agents.ts';
import { type Install, useInstall } from './use-install.ts';
import { type Look, useLook } from './use-look.ts';

const ICON = { size: 14, strokeWidth: 1.75 };

// The title of an agent may be longer than a small screen is wide.
const WRAPPING = 'h-auto! min-h-7 max-w-full text-left whitespace-normal!';

export interface AgentCardProps {
  backend: BackendView;
  /** Its last installation, as the server knew it when the page came. */
  installed: AgentInstall | undefined;
  onEdit(): void;
  onRemove(): void;
}

/** One agent: what was found of it, what is wrong, and the buttons that mend it. */
export function AgentCard(props: AgentCardProps) {
  const { backend } = props;
  const install = useInstall(backend.id, props.installed);
  const rehearsal = useAgentTest(backend.id);
  const look = useLook(backend.id);
  const [signingIn, setSigningIn] = useState(false);
  return (
    <li aria-label={backend.title} className="p-4">
      <Head backend={backend} />
      <div className="wide:pl-11">
        {backend.installed && <Abilities backend={backend} />}
        <BreakerNote backend={backend} className="mt-3" />
        <FaultList faults={toShownFaults(backend)} />
        {backend.rehearsal === true && (
          <p className="mt-2 text-sm text-ink-2">
            Plays a scripted rehearsal: no model is asked and nothing costs money. Give it a key to use a model.
          </p>
        )}
        <Actions {...props} {...{ install, rehearsal, look }} onSignIn={() => setSigningIn(true)} />
        <InstallProgress install={install} title={backend.title} />
        <LookResult look={look} backend={backend} />
        <TestResult busy={rehearsal.busy} result={rehearsal.result} />
      </div>
      {signingIn && <SignInDialog backend={backend} onClose={() => setSigningIn(false)} />}
    </li>
  );
}

interface ActionsProps extends AgentCardProps {
  install: Install;
  rehearsal: ReturnType<typeof useAgentTest>;
  look: Look;
  onSignIn(): void;
}

function Actions({ backend, install, rehearsal, look, onSignIn, onEdit, onRemove }: ActionsProps) {
  const installWords = toInstallWords(backend);
  const isInstalling = install.progress?.state === 'running';
  return (
    <div className="mt-3 flex flex-wrap gap-2 empty:hidden coarse:gap-y-4">
      {canSignIn(backend) && (
        <Button
          size="sm"
          variant={backend.authenticated === 'no' ? 'primary' : 'secondary'}
          icon={<KeyRound {...ICON} />}
          onClick={onSignIn}
        >
          Sign in
        </Button>
      )}
      {installWords !== undefined && (
        <Button
          size="sm"
          className={WRAPPING}
          icon={<Download {...ICON} />}
          disabled={isInstalling}
          onClick={() => void install.start(toInstallVersion(backend))}
        >
          {installWords}
        </Button>
      )}
      {backend.installed && (
        <Button
          size="sm"
          icon={<FlaskConical {...ICON} />}
          disabled={rehearsal.busy || isInstalling}
          onClick={() => void rehearsal.run()}
        >
          {rehearsal.busy ? 'Testing' : 'Test'}
        </Button>
      )}
      <LookButton backend={backend} look={look} disabled={isInstalling} />
      {backend.kind === 'configured' && <OwnerButtons title={backend.title} onEdit={onEdit} onRemove={onRemove} />}
    </div>
  );
}

function LookButton({ backend, look, disabled }: { backend: BackendView; look: Look; disabled: boolean }) {
  if (!backend.installed || !backend.capabilities.includes('list')) return null;
  return (
    <Button size="sm" icon={<History {...ICON} />} disabled={look.busy || disabled} onClick={() => void look.run()}>
      {look.busy ? 'Looking' : 'Look for its sessions'}
    </Button>
  );
}

interface OwnerButtonsProps {
  title: string;
  onEdit(): void;
  onRemove(): void;
}

/** What can be done with an agent that the owner added. */
function OwnerButtons({ title, onEdit, onRemove }: OwnerButtonsProps) {
  return (
    <>
      <Button size="sm" aria-label={`Change ${title}`} icon={<Pencil {...ICON} />} onClick={onEdit}>
        Change
      </Button>
      <Button size="sm" aria-label={`Remove ${title}`} icon={<Trash2 {...ICON} />} onClick={onRemove}>
        Remove
      </Button>
    </>
  );
}

function Head({ backend }: { backend: BackendView }) {
  return (
    <div className="flex flex-wrap items-start gap-3">
      <AgentMark backend={backend.id} icon={backend.icon} size="lg" rehearsal={backend.rehearsal === true} />
      <div className="min-w-[min(100%,5rem)] flex-1">
        <h3 className="flex flex-wrap items-baseline gap-x-2 text-base leading-5 font-medium">
          {backend.title}
          {backend.version !== undefined && (
            <span className="tabular text-xs font-normal text-ink-3">{backend.version}</span>
          )}
          {backend.install?.ours === true && <span className="text-xs font-normal text-ink-3">installed by Baton</span>}
        </h3>
        {backend.path !== undefined && (
          <p className="mt-0.5 font-mono text-xs text-ink-3">
            <WholePath path={backend.path} />
          </p>
        )}
      </div>
      <BackendStanding backend={backend} />
    </div>
  );
}

function Abilities({ backend }: { backend: BackendView }) {
  return (
    <dl className="mt-2 grid grid-cols-[auto_1fr] gap-x-3 gap-y-0.5 text-xs">
      {isAccountSaid(backend) || (
        <>
          <dt className="text-ink-3">Account</dt>
          <dd className="text-ink-2">{toSignInWords(backend)}</dd>
        </>
      )}
      <dt className="text-ink-3">Supports</dt>
      <dd className="text-ink-2">{toCapabilityWords(backend.capabilities)}</dd>
    </dl>
  );
}

// A rehearsal has no account, and a fault that is shown says what its mend is for.
function isAccountSaid({ faults = [], rehearsal }: BackendView): boolean {
  return rehearsal === true || faults.some(({ kind }) => kind === 'not-signed-in');
}

// A rehearsal says by itself that there is no key.
function toShownFaults({ faults = [], rehearsal }: BackendView) {
  return faults.filter(({ kind }) => rehearsal !== true || kind !== 'not-signed-in');
}
