import { startRehearsal } from '@baton/rehearsal';
import { expect, test } from 'vitest';
import { createPlace, openAcp, programOf } from './__fixtures__/open-acp.ts';
import { ACP_PRESETS } from './presets.ts';

const MODES = 'https://agentclientprotocol.com/protocol/session-modes';

// The rest that it can is among the behaviours; there a mode is changed with a model, of which it has one.
test('GitHub Copilot takes another mode', async () => {
  const rehearsal = await startRehearsal({ scenario: 'simple' });
  const place = await createPlace();
  const preset = ACP_PRESETS.find(({ id }) => id === 'copilot');
  if (preset === undefined) throw new Error('There is no preset for Copilot');
  const env = {
    COPILOT_PROVIDER_BASE_URL: `${rehearsal.url}/v1`,
    COPILOT_PROVIDER_API_KEY: rehearsal.apiKey,
    COPILOT_MODEL: 'a-model',
    COPILOT_OFFLINE: 'true',
  };
  const copilot = openAcp({ place, definition: { ...preset, command: programOf(preset.command) }, env });
  try {
    await copilot.session.configure?.({ mode: `${MODES}#plan` });
    expect(copilot.of('session.configured')).toMatchObject([{ mode: `${MODES}#agent`, by: 'agent' }]);
    await expect(copilot.session.configure?.({ mode: 'fly' })).rejects.toMatchObject({ kind: 'invalid-input' });
    expect(await copilot.run('[scene simple] hello')).toMatchObject({ outcome: 'completed' });
  } finally {
    await copilot.session.stop();
    await rehearsal.close();
    await place.remove();
  }
});
