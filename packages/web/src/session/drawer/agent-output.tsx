import { TerminalOutput } from '../tool/terminal-output.tsx';

/** What the agent wrote outside its protocol: warnings, and its last words when it failed. */
export function AgentOutput({ lines }: { lines: readonly string[] }) {
  return <TerminalOutput text={lines.join('\n')} />;
}
