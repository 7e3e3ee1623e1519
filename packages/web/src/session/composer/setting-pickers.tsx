import { isAppError, type AgentMode, type AgentModel, type Capability, type SessionView } from '@baton/protocol';
import { ChevronDown } from 'lucide-react';
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
  const efforts = toEfforts(models, session.model).map((id) => ({ id, title: toEffortTitle(id) }));
  return (
    <>
      <Picker
        label="Model"
        note={toNote('live-model')}
        value={session.model}
        options={models}
        onChange={(model) => configure({ model })}
      />
      <Picker
        label="Effort"
        note={toNote('live-effort')}
        value={session.effort}
        options={efforts}
        onChange={(effort) => configure({ effort })}
      />
      <Picker
        label="Mode"
        note={toNote('live-mode')}
        value={session.mode}
        options={modes}
        onChange={(mode) => configure({ mode })}
      />
    </>
  );
}

const LATER = 'from the next start';

interface PickerProps {
  label: string;
  /** When a change counts, where it is not at once. */
  note: string | undefined;
  value: string | undefined;
  options: readonly { id: string; title: string; description?: string | undefined }[];
  onChange(value: string): void;
}

function Picker({ label, note, value, options, onChange }: PickerProps) {
  if (options.length === 0) return null;
  const current = options.find((option) => option.id === value);
  const choices = options.map(({ id, title, description }) => ({ value: id, title, description }));
  return (
    <Menu
      side="top"
      trigger={
        <button
          type="button"
          aria-label={`${label}: ${current?.title ?? value ?? 'default'}`}
          className="touch flex h-7 max-w-40 min-w-0 items-center gap-1 rounded-md px-2 text-sm text-ink-2 hover:bg-hover hover:text-ink data-popup-open:bg-pressed"
        >
          <span className="truncate">{current?.title ?? value ?? label}</span>
          <ChevronDown size={14} strokeWidth={1.75} aria-hidden="true" className="shrink-0 text-ink-3" />
        </button>
      }
    >
      <MenuChoice
        label={note === undefined ? label : `${label}, ${note}`}
        value={value ?? ''}
        onChange={onChange}
        options={choices}
      />
    </Menu>
  );
}
