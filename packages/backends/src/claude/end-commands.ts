import type { SessionId } from '@baton/protocol';
import { endMarked } from '@baton/runner';
import type { ClaudeSettings } from './settings.ts';

/** What Claude Code writes into the environment of the commands it runs, and of nothing else: MCP servers lack it. */
const COMMAND_VARIABLE = 'CLAUDE_CODE_CHILD_SESSION=1';

/** An interrupt ends the turn for Claude Code, and leaves at work what went to the background or hears no signal. */
export async function endCommands({ serverMarker, bounds }: ClaudeSettings, session: SessionId): Promise<void> {
  await endMarked({ marker: { server: serverMarker, session, variable: COMMAND_VARIABLE }, bounds: bounds.stop });
}
