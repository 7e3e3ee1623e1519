import type { OpencodeSettings } from './settings.ts';
import type { OpencodeState } from './state.ts';
import { isToBegin } from './turn.ts';

/**
 * Has the end of a session wait for a prompt that OpenCode has taken and not begun: it cannot be taken back before, and would
 * run after its session has gone.
 */
export class Beginning {
  readonly #settings: Pick<OpencodeSettings, 'clock' | 'bounds'>;
  #letGo = (): void => undefined;

  constructor(settings: Pick<OpencodeSettings, 'clock' | 'bounds'>) {
    this.#settings = settings;
  }

  /** To be called with every new state. */
  note(state: OpencodeState): void {
    if (!isToBegin(state)) this.#letGo();
  }

  /** Resolves when no prompt waits (any more), or after a bound: whether one did, and has begun or ended. */
  async wait(state: OpencodeState): Promise<boolean> {
    if (!isToBegin(state)) return false;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#letGo = () => resolve(true);
    const { clock, bounds } = this.#settings;
    const cancel = clock.after(bounds.beginMs, () => resolve(false));
    const hasBegun = await promise;
    cancel();
    return hasBegun;
  }

  /** OpenCode has ended: nothing begins. */
  stop(): void {
    this.#letGo();
  }
}
