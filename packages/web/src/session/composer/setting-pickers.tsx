import { isAppError, type AgentMode, type AgentModel, type Capability, type SessionView } from '@baton/protocol';
import { ChevronDown, SlidersHorizontal } from 'lucide-react';
import { useIsWide } from '../../frame/use-media.ts';
import { useClient } from '../../live/baton-provider.tsx';
import { useCapabilities } from '../../live/use-capabilities.ts';
import { Menu, MenuChoice } from '../../ui/menu.tsx';
import { showToast } from '../../ui/toast.tsx';
import { toEfforts, toEffortTitle } from '../effort.ts';

export interface SettingPickersProps {
  session: SessionView;
  models: readonly AgentModel[];
  modes: readonly AgentMode[];
}

/** Model, effort and mode of a session, changed at once where the agent can, else with its next start. */
export function SettingPickers({ session, models, modes }: SettingPickersProps) {
  const client = useClient();
  const capabilities = useCapabilities(session.backend);
  const isUp = session.state !== 'stopped' && session.state !== 'failed';
  const toNote = (live: Capability) => (isUp && capabilities.size > 0 && !capabilities.has(live) ? LATER : undefined);
  const configure = (change: { model: string } | { mode: string } | { effort: string }) => {
    client.send({ type: 'session.configure', sessionId: session.id, ...change }).catch((error: unknown) => {
      showToast({
        title: 'Nothing changed',
        description: isAppError(error) ? error.message : undefined,
        tone: 'failed',
      });
    });
  };
  const settings: Setting[] = [
    {
      label: 'Model',
      note: toNote('live-model'),
      value: session.model,
      options: models,
      onChange: (model) => configure({ model }),
    },
    {
      label: 'Effort',
      note: toNote('live-effort'),
      value: session.effort,
      options: toEfforts(models, session.model).map((id) => ({ id, title: toEffortTitle(id) })),
      onChange: (effort) => configure({ effort }),
    },
    {
      label: 'Mode',
      note: toNote('live-mode'),
      value: session.mode,
      options: modes,
      onChange: (mode) => configure({ mode }),
    },
  ];
  return <Pickers settings={settings.filter(({ options }) => options.length > 0)} />;
}

const LATER = 'from the next start';

interface Setting {
  readonly label: string;
  /** When a change counts, where it is not at once. */
  readonly note: string | undefined;
  readonly value: string | undefined;
  readonly options: readonly { id: string; title: string; description?: string | undefined }[];
  onChange(value: string): void;
}

// Beside each other they leave nothing to read on a phone: there they share one menu.
function Pickers({ settings }: { settings: readonly Setting[] }) {
  const isWide = useIsWide();
  if (settings.length > 1 && !isWide) return <Picker settings={settings} />;
  return settings.map((setting) => <Picker key={setting.label} settings={[setting]} />);
}

function Picker({ settings }: { settings: readonly Setting[] }) {
  const chosen = settings.flatMap(({ options, value }) => options.find(({ id }) => id === value)?.title ?? value ?? []);
  const label = settings.map((setting) => setting.label).join(', ');
  return (
    <Menu
      side="top"
      trigger={
        <button
          type="button"
          aria-label={`${label}: ${chosen.length === 0 ? 'default' : chosen.join(', ')}`}
          className="touch flex h-7 max-w-40 min-w-0 items-center gap-1 rounded-md px-2 text-sm text-ink-2 hover:bg-hover hover:text-ink data-popup-open:bg-pressed"
        >
          {settings.length > 1 && (
            <SlidersHorizontal size={16} strokeWidth={1.75} aria-hidden="true" className="shrink-0" />
          )}
          <span className="truncate">{chosen.length === 0 ? label : chosen.join(', ')}</span>
          {settings.length === 1 && (
            <ChevronDown size={14} strokeWidth={1.75} aria-hidden="true" className="shrink-0 text-ink-3" />
          )}
        </button>
      }
    >
      {settings.map(({ label: title, note, value, options, onChange }) => (
        <MenuChoice
          key={title}
          label={note === undefined ? title : `${title}, ${note}`}
          value={value ?? ''}
          onChange={onChange}
          options={options.map((option) => ({
            value: option.id,
            title: option.title,
            description: option.description,
          }))}
        />
      ))}
    </Menu>
  );
}
