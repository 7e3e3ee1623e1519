import { useBackends } from '../live/use-backends.ts';
import { Segmented } from '../ui/segmented.tsx';
import { Select } from '../ui/select.tsx';
import { TextField } from '../ui/text-field.tsx';
import { EffectIcon } from './rule-sentence.tsx';
import type { RuleDraft } from './rule-draft.ts';

const EFFECTS = [
  { value: 'allow', title: 'Allow', icon: <EffectIcon effect="allow" /> },
  { value: 'ask', title: 'Ask', icon: <EffectIcon effect="ask" /> },
  { value: 'deny', title: 'Deny', icon: <EffectIcon effect="deny" /> },
] as const;

const ANY = '*any*';
const RISKS = [
  { value: ANY, title: 'Any risk' },
  { value: 'low', title: 'Low only' },
  { value: 'medium', title: 'At most medium' },
  { value: 'high', title: 'Any, once it is known' },
];

export interface RuleFieldsProps {
  draft: RuleDraft;
  onChange(draft: RuleDraft): void;
}

/** A rule as a form: what it does, and to what. */
export function RuleFields({ draft, onChange }: RuleFieldsProps) {
  const set = (part: Partial<RuleDraft>) => onChange({ ...draft, ...part });
  const backends = useBackends().data ?? [];
  const known = backends.map(({ id, title }) => ({ value: id, title }));
  const other = draft.backend !== '' && known.every(({ value }) => value !== draft.backend);
  const agents = [
    { value: ANY, title: 'Any agent' },
    ...known,
    ...(other ? [{ value: draft.backend, title: draft.backend }] : []),
  ];
  return (
    <div className="flex flex-col gap-3">
      <Segmented<RuleDraft['effect']>
        label="What it does"
        value={draft.effect}
        onChange={(effect) => set({ effect })}
        options={EFFECTS}
      />
      <PatternField
        label="Command"
        value={draft.command}
        onChange={(command) => set({ command })}
        description="Word by word: * stands for one word or part of one, ** for any number of words."
      />
      <PatternField
        label="Files"
        value={draft.path}
        onChange={(path) => set({ path })}
        description="In the session’s folder unless it begins with /; * stays within a folder, ** does not."
      />
      <div className="grid gap-3 wide:grid-cols-2">
        <PatternField label="Tool" value={draft.tool} onChange={(tool) => set({ tool })} />
        <PatternField label="Folder" value={draft.folder} onChange={(folder) => set({ folder })} />
        <Select
          label="Agent"
          value={draft.backend === '' ? ANY : draft.backend}
          onChange={(value) => set({ backend: value === ANY ? '' : value })}
          options={agents}
        />
        <Select
          label="Risk"
          value={draft.riskAtMost === '' ? ANY : draft.riskAtMost}
          onChange={(value) => set({ riskAtMost: toRisk(value) })}
          options={RISKS}
        />
      </div>
      {draft.effect === 'deny' && (
        <TextField
          label="Word to the agent"
          value={draft.note}
          maxLength={1000}
          onChange={(event) => set({ note: event.target.value })}
          description="Goes with the denial, where the agent takes one: why, and what to do instead."
        />
      )}
    </div>
  );
}

function toRisk(value: string): RuleDraft['riskAtMost'] {
  return value === 'low' || value === 'medium' || value === 'high' ? value : '';
}

interface PatternFieldProps {
  label: string;
  value: string;
  onChange(value: string): void;
  description?: string;
}

function PatternField({ label, value, onChange, description }: PatternFieldProps) {
  return (
    <TextField
      label={label}
      value={value}
      placeholder="Any"
      autoComplete="off"
      autoCapitalize="off"
      spellCheck={false}
      onChange={(event) => onChange(event.target.value)}
      description={description}
    />
  );
}
