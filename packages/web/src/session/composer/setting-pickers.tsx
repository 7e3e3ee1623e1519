import { isAppError, type AgentMode, type AgentModel, type SessionView } from '@baton/protocol';
import { ChevronDown } from 'lucide-react';
import { useClient } from '../../live/baton-provider.tsx';
import { Menu, MenuChoice } from '../../ui/menu.tsx';
import { showToast } from '../../ui/toast.tsx';

export interface SettingPickersProps {
  session: SessionView;
  models: readonly AgentModel[];
  modes: readonly AgentMode[];
}

/** Model and mode of a session, changed at once where the agent can, else with its next start. */
export function SettingPickers({ session, models, modes }: SettingPickersProps) {
  const client = useClient();
  const configure = (change: { model: string } | { mode: string }) => {
    client.send({ type: 'session.configure', sessionId: session.id, ...change }).catch((error: unknown) => {
      showToast({
        title: 'Nothing changed',
        description: isAppError(error) ? error.message : undefined,
        tone: 'failed',
      });
    });
  };
  return (
    <>
      <Picker label="Model" value={session.model} options={models} onChange={(model) => configure({ model })} />
      <Picker label="Mode" value={session.mode} options={modes} onChange={(mode) => configure({ mode })} />
    </>
  );
}

interface PickerProps {
  label: string;
  value: string | undefined;
  options: readonly { id: string; title: string; description?: string | undefined }[];
  onChange(value: string): void;
}

function Picker({ label, value, options, onChange }: PickerProps) {
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
      <MenuChoice label={label} value={value ?? ''} onChange={onChange} options={choices} />
    </Menu>
  );
}
