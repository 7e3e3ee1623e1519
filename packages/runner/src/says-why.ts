// Frames, who asked for what is missing, the place and the line of source that failed, its marks, fields of the error beside its message, the version of Node.
const AROUND_A_REASON = [
  /^\s{2,}at \S/,
  /^Require stack:$/,
  /^- (?:\/|[A-Za-z]:\\)\S+$/,
  /^(?:node:|file:\/\/|\/|[A-Za-z]:\\)\S*:\d+$/,
  /^\s*throw\b/,
  /^\s*\^+$/,
  /^\s+(?:code|errno|syscall|path|requireStack|type): /,
  /^\s*[\])}]+,?$/,
  /^Node\.js v\d/,
];

/** Whether a line of stderr may say why a program ended: not what Node prints around the reason when it gives up. Pure. */
export function saysWhy(line: string): boolean {
  return !AROUND_A_REASON.some((pattern) => pattern.test(line));
}
