/** This program, as it was started, with other arguments. */
export function toProgram(...args: string[]): [string, ...string[]] {
  return [process.execPath, ...process.execArgv, ...process.argv.slice(1, 2), ...args];
}
