import { endMarked } from '@baton/runner';
import { toCallVariable } from './peculiarities.ts';
import type { AcpSettings } from './settings.ts';

interface Whose {
  settings: Pick<AcpSettings, 'serverMarker' | 'bounds'>;
  sessionId: string;
}

/** What an agent leaves running of a turn that was cancelled is ended before that turn is over. */
export class CutCalls {
  readonly #whose: Whose;
  #variables: readonly string[] = [];

  constructor(whose: Whose) {
    this.#whose = whose;
  }

  /** Call when the turn is cancelled: what is open then may be told to be over before it is. */
  note({ agent, tools }: { agent: string; tools: Readonly<Record<string, unknown>> }): void {
    this.#variables = [...this.#variables, ...Object.keys(tools).flatMap((id) => toCallVariable(agent, id) ?? [])];
  }

  /** Goes on when nothing of it is left; at once where nothing can be. */
  settle(goOn: () => void): void {
    const variables = this.#variables;
    this.#variables = [];
    if (variables.length === 0) return goOn();
    const { settings, sessionId } = this.#whose;
    const { serverMarker: server, bounds } = settings;
    const end = (variable: string) =>
      endMarked({ marker: { server, session: sessionId, variable }, bounds: bounds.stop }).catch(() => undefined);
    void Promise.all([...new Set(variables)].map(end)).then(goOn);
  }
}
