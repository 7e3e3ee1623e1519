import { DatabaseSync } from 'node:sqlite';

/** A database that tells of each statement before it runs, so that a test can end the process, or look, between any two. */
export class SteppingDatabase extends DatabaseSync {
  readonly #onStep: (statement: string) => void;

  constructor(path: string, onStep: (statement: string) => void) {
    super(path, { enableForeignKeyConstraints: true });
    super.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    this.#onStep = onStep;
  }

  override exec(sql: string): void {
    let pending = '';
    for (const part of sql.split(/(?<=;)/)) {
      pending += part;
      if (isEmpty(pending) || !this.#isWhole(pending)) continue;
      this.#onStep(pending);
      super.exec(pending);
      pending = '';
    }
    // What is not whole by now is no SQL, which it says itself.
    if (!isEmpty(pending)) super.exec(pending);
  }

  // A piece of a trigger, or of a text with a semicolon in it, is incomplete; all else is whole, however wrong it is.
  #isWhole(sql: string): boolean {
    try {
      this.prepare(sql);
      return true;
    } catch (cause) {
      return !(cause instanceof Error && /incomplete input|unrecognized token/.test(cause.message));
    }
  }
}

function isEmpty(sql: string): boolean {
  return (
    sql
      .replaceAll(/--[^\n]*/g, '')
      .replaceAll(';', '')
      .trim() === ''
  );
}
