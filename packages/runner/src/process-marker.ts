import { createHash } from 'node:crypto';

/** Written into the environment of a process so that all it starts can be found, whatever session or group they move to. */
export interface ProcessMarker {
  session: string;
  /** See `toServerMarker`. */
  server: string;
}

/** The marker of one start: what it began is told apart from what others of the same session began. */
export interface RunMarker {
  /** Absent for a process that is started before there is a session for it. */
  session?: string | undefined;
  server: string;
  /** Unique for every process that Baton starts itself. */
  run: string;
}

/** A short name for one Baton data directory, so that two servers on a machine never touch each other's processes. */
export function toServerMarker(dataDir: string): string {
  return createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
}

export function toMarkerVariables(marker: RunMarker): Record<string, string> {
  const session = marker.session === undefined ? {} : { BATON_SESSION: marker.session };
  return { ...session, BATON_SERVER: marker.server, BATON_RUN: marker.run };
}

/** What is looked for; without a session or a run, any of that server. */
export interface SoughtMarker {
  /** Stands for those that go on with `-` after it, too: the parts of one server. */
  server: string;
  session?: string | undefined;
  run?: string | undefined;
  /** A variable of the agent's own (`NAME=value`), by which one of its commands is told from the others. */
  variable?: string | undefined;
}

/** Whether an environment, as the system keeps it (`A=1\0B=2\0`), carries the marker. */
export function hasMarker(environ: string, marker: SoughtMarker): boolean {
  const variables = `\0${environ}\0`;
  const isOfServer = ['\0', '-'].some((end) => variables.includes(`\0BATON_SERVER=${marker.server}${end}`));
  if (!isOfServer) return false;
  if (marker.variable !== undefined && !variables.includes(`\0${marker.variable}\0`)) return false;
  if (marker.session !== undefined && !variables.includes(`\0BATON_SESSION=${marker.session}\0`)) return false;
  return marker.run === undefined || variables.includes(`\0BATON_RUN=${marker.run}\0`);
}

/** What the marker in an environment names. */
export interface FoundMarker {
  /** Absent for a process that was started before there was a session for it. */
  session?: string;
  run?: string;
}

/** The marker in an environment; null where there is none of this server. */
export function readMarker(environ: string, server: string): FoundMarker | null {
  if (!hasMarker(environ, { server })) return null;
  const variables = `\0${environ}\0`;
  const session = /\0BATON_SESSION=([^\0]+)\0/.exec(variables)?.[1];
  const run = /\0BATON_RUN=([^\0]+)\0/.exec(variables)?.[1];
  return { ...(session === undefined ? {} : { session }), ...(run === undefined ? {} : { run }) };
}
