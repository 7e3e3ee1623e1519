import { Dialog } from '../ui/dialog.tsx';
import type { Hotkey } from '../ui/hotkeys.ts';
import { Kbd } from '../ui/kbd.tsx';
import { useHotkeyList } from '../ui/use-hotkeys.ts';

export interface KeysDialogProps {
  open: boolean;
  onOpenChange(open: boolean): void;
}

/** Every shortcut that works on the page behind it. */
export function KeysDialog({ open, onOpenChange }: KeysDialogProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Keyboard shortcuts">
      <div className="px-4 pb-4">
        <HotkeyList />
      </div>
    </Dialog>
  );
}

export function HotkeyList() {
  const groups = toGroups(useHotkeyList());
  return (
    <div className="grid gap-x-8 gap-y-4 wide:grid-cols-2">
      {[...groups].map(([group, hotkeys]) => (
        <section key={group}>
          <h3 className="mb-1 text-xs font-medium text-ink-3">{group}</h3>
          <dl>
            {hotkeys.map((hotkey) => (
              <div key={`${hotkey.keys} ${hotkey.title}`} className="flex h-8 items-center justify-between gap-4">
                <dt>{hotkey.title}</dt>
                <dd>
                  <Kbd keys={hotkey.keys} />
                  <span className="sr-only">{hotkey.keys}</span>
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}

// A shortcut that was registered over another of the same keys hides it.
function toGroups(hotkeys: readonly Hotkey[]): Map<string, Hotkey[]> {
  const groups = new Map<string, Hotkey[]>();
  for (const hotkey of hotkeys) {
    if (hotkeys.findLast((other) => other.keys === hotkey.keys) !== hotkey) continue;
    groups.set(hotkey.group, [...(groups.get(hotkey.group) ?? []), hotkey]);
  }
  return groups;
}
