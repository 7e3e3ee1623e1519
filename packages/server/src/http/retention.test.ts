import { createManualClock } from '@baton/testkit';
import { describe, expect, it, vi } from 'vitest';
import { startTestServer } from '../../test/test-server.ts';

const DAY_MS = 86_400_000;

describe('retention', () => {
  it('does nothing by default, tells what it would do, and does it once a day by the clock', async () => {
    const clock = createManualClock();
    const server = await startTestServer({ clock });
    const made = await server.ask('/api/v1/sessions', {
      method: 'POST',
      body: { cwd: server.folder, backend: 'scripted' },
    });
    const { id } = made.json as { id: string };
    await server.ask(`/api/v1/sessions/${id}/stop`, { method: 'POST' });
    // Its end is the last thing that happens in it.
    await expect
      .poll(async () => (await server.ask(`/api/v1/sessions/${id}`)).json)
      .toMatchObject({ state: 'stopped' });
    const run = async (dryRun: boolean) =>
      (await server.ask('/api/v1/retention/run', { method: 'POST', body: { dryRun } })).json;
    const nothing = { archived: [], deleted: [], failed: [], raw: { events: 0, bytes: 0 } };
    clock.advance(40 * DAY_MS);
    expect((await server.ask('/api/v1/retention')).json).toEqual({});
    expect(await run(false)).toMatchObject(nothing);
    const rules = { archiveAfterDays: 30, deleteArchivedAfterDays: 60 };
    expect((await server.ask('/api/v1/retention', { method: 'PUT', body: rules })).json).toEqual(rules);
    expect(await run(true)).toMatchObject({ ...nothing, dryRun: true, archived: [{ sessionId: id }] });
    const view = async () => (await server.ask(`/api/v1/sessions/${id}`)).json;
    expect(await view()).toMatchObject({ archived: false });
    clock.advance(DAY_MS);
    await vi.waitFor(async () => expect(await view()).toMatchObject({ archived: true }), 60_000);
    expect(await run(true)).toMatchObject(nothing);
    clock.advance(61 * DAY_MS);
    await vi.waitFor(async () => expect((await server.ask(`/api/v1/sessions/${id}`)).status).toBe(404), 60_000);
  });

  it('refuses rules that make no sense', async () => {
    const server = await startTestServer();
    for (const body of [{ archiveAfterDays: 0 }, { keepRawDays: 1.5 }, { unknown: 3 }]) {
      expect((await server.ask('/api/v1/retention', { method: 'PUT', body })).status).toBe(400);
    }
  });
});
