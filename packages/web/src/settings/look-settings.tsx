import { Monitor, Moon, Sun } from 'lucide-react';
import type { ReactNode } from 'react';
import { ACCENTS, lookStore, type Look } from '../theme/look.ts';
import { useLook } from '../theme/use-look.ts';
import { cx } from '../ui/cx.ts';
import { Segmented } from '../ui/segmented.tsx';

const ICON = { size: 14, strokeWidth: 1.75, 'aria-hidden': true } as const;

export function LookSettings() {
  const look = useLook();
  return (
    <div className="flex flex-col divide-y divide-line">
      <Row title="Theme">
        <Segmented
          label="Theme"
          labelHidden
          value={look.theme}
          onChange={(theme) => lookStore.change({ theme })}
          options={[
            { value: 'system', title: 'System', icon: <Monitor {...ICON} /> },
            { value: 'light', title: 'Light', icon: <Sun {...ICON} /> },
            { value: 'dark', title: 'Dark', icon: <Moon {...ICON} /> },
          ]}
        />
      </Row>
      <Row title="Accent">
        <AccentChoice value={look.accent} />
      </Row>
      <Row title="Density">
        <Segmented
          label="Density"
          labelHidden
          value={look.density}
          onChange={(density) => lookStore.change({ density })}
          options={[
            { value: 'comfortable', title: 'Comfortable' },
            { value: 'compact', title: 'Compact' },
          ]}
        />
      </Row>
      <Row title="Text size">
        <Segmented
          label="Text size"
          labelHidden
          value={look.textScale}
          onChange={(textScale) => lookStore.change({ textScale })}
          options={[
            { value: '1', title: '100 %' },
            { value: '1.125', title: '112 %' },
            { value: '1.25', title: '125 %' },
            { value: '1.5', title: '150 %' },
          ]}
        />
      </Row>
    </div>
  );
}

function Row({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="flex min-h-12 flex-wrap items-center justify-between gap-x-4 gap-y-2 py-2 first:pt-0 last:pb-0">
      <span className="font-medium" aria-hidden="true">
        {title}
      </span>
      {children}
    </div>
  );
}

const ACCENT_TITLES: Record<Look['accent'], string> = {
  teal: 'Teal',
  blue: 'Blue',
  moss: 'Moss',
  plum: 'Plum',
  graphite: 'Graphite',
};

function AccentChoice({ value }: { value: Look['accent'] }) {
  return (
    <fieldset className="flex gap-1">
      <legend className="sr-only">Accent</legend>
      {ACCENTS.map((accent) => (
        <label
          key={accent}
          data-accent={accent}
          title={ACCENT_TITLES[accent]}
          className={cx(
            'touch relative flex size-8 items-center justify-center rounded-full border-2 has-focus-visible:outline-2 has-focus-visible:outline-accent',
            accent === value ? 'border-accent' : 'border-transparent hover:border-line-strong',
          )}
        >
          <input
            type="radio"
            name="accent"
            checked={accent === value}
            onChange={() => lookStore.change({ accent })}
            className="sr-only"
          />
          <span className="size-5 rounded-full bg-accent" aria-hidden="true" />
          <span className="sr-only">{ACCENT_TITLES[accent]}</span>
        </label>
      ))}
    </fieldset>
  );
}
