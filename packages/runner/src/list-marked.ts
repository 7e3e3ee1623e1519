import { readMarker } from './process-marker.ts';
import { mapInTurns, readEnviron, readProcessTable } from './process-table.ts';

/** A living process that a Baton server began, or that came of one. */
export interface MarkedProcess {
  pid: number;
  /** Absent for one that was started before there was a session for it. */
  session?: string;
}

/** Every process that carries a server's marker. Linux only, because elsewhere environments of others cannot be read. */
export async function listMarked({ server }: { server: string }): Promise<MarkedProcess[]> {
  const table = (await readProcessTable()).filter(({ pid }) => pid !== process.pid);
  const found = await mapInTurns(table, ({ pid }) => readMarker(readEnviron(pid), server));
  return table.flatMap(({ pid }, index) => {
    const session = found[index]?.session;
    return found[index] == null ? [] : [{ pid, ...(session === undefined ? {} : { session }) }];
  });
}
