import type { Clock } from '@baton/core';
import type { BackendView } from '@baton/protocol';
import { compareVersions } from './compare-versions.ts';

/** What npm has of the agents that are installed, looked up behind everybody's back. */
export interface NewestVersions {
  /** The same views, with the newer version where one is known. Has what is not known, or is a day old, looked up. */
  complete(views: readonly BackendView[]): BackendView[];
  close(): void;
}

export interface NewestVersionsOptions {
  clock: Clock;
  /** The newest version of a package; undefined when nobody can say, which is no fault: the machine may be offline. */
  look(name: string): Promise<string | undefined>;
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** Who asks for the first time is about to work: nothing runs beside that. */
const PAUSE_MS = 10_000;

/** For an owner who wants no request to leave: nothing is looked up, and nothing is said. */
export const noNewestVersions: NewestVersions = { complete: (views) => [...views], close: () => undefined };

export function createNewestVersions({ clock, look }: NewestVersionsOptions): NewestVersions {
  const known = new Map<string, { at: number; version: string | undefined }>();
  let cancel: (() => void) | undefined;

  // One after the other: each is a program of its own.
  async function lookAll(names: readonly string[]): Promise<void> {
    for (const name of names) {
      const version = await look(name).catch(() => undefined);
      known.set(name, { at: clock.now(), version });
    }
    cancel = undefined;
  }

  function askFor(views: readonly BackendView[]): void {
    const names = views.flatMap(({ install, installed }) =>
      installed && install !== undefined ? [install.package] : [],
    );
    const due = [...new Set(names)].filter((name) => clock.now() - (known.get(name)?.at ?? -DAY_MS) >= DAY_MS);
    if (due.length > 0) cancel ??= clock.after(PAUSE_MS, () => void lookAll(due));
  }

  return {
    complete(views) {
      askFor(views);
      return views.map((view) => withLatest(view, known.get(view.install?.package ?? '')?.version));
    },
    close() {
      cancel?.();
      // Nothing is begun any more.
      cancel = () => undefined;
    },
  };
}

function withLatest(view: BackendView, latest: string | undefined): BackendView {
  const { install, version } = view;
  if (latest === undefined || install === undefined || version === undefined) return view;
  return compareVersions(latest, version) > 0 ? { ...view, install: { ...install, latest } } : view;
}
