/**
 * The version of the wire: commands, events and frames.
 *
 * One line per version; `version.test.ts` fails when a schema changes without a new line here.
 *
 *  1  the first
 */
export const PROTOCOL_VERSION = 1;

/** The oldest client the server still talks to. */
export const MIN_PROTOCOL_VERSION = 1;
