import type { Rehearsal } from '@baton/rehearsal';
import { ACP_PRESETS } from '../presets.ts';
import { openAcp, type OpenAcp, type OpenChoice, type Place, programOf } from './open-acp.ts';

/** What keeps Claude Code from all that no test asks for. */
export const toQuiet = (place: Place): Record<string, string> => ({
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  CLAUDE_CODE_MAX_RETRIES: '1',
  CLAUDE_CODE_TMPDIR: place.home,
  DISABLE_TELEMETRY: '1',
});

export interface ClaudeAcpChoice extends Partial<OpenChoice> {
  place: Place;
  rehearsal: Rehearsal;
}

/** A session with the real agent of Claude Code, which talks to a rehearsal. */
export function openClaudeAcp({ place, rehearsal, ...more }: ClaudeAcpChoice): OpenAcp {
  const preset = ACP_PRESETS.find(({ id }) => id === 'claude-acp');
  if (preset === undefined) throw new Error("There is no preset for Claude's agent");
  const env = {
    ANTHROPIC_API_KEY: rehearsal.apiKey,
    ANTHROPIC_BASE_URL: rehearsal.url,
    CLAUDE_CODE_EXECUTABLE: programOf('claude'),
  };
  const open = { ...more.open, env: { ...toQuiet(place), ...more.open?.env } };
  const definition = { ...preset, command: programOf('claude-agent-acp') };
  return openAcp({ place, definition, env, ...more, open });
}
