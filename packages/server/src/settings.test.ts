import { delimiter } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSettings, toMaxAgents, toWarmAgents } from './settings.ts';

describe('settings', () => {
  it('have defaults for everything', () => {
    const settings = readSettings({ HOME: '/home/ann' });
    expect(settings).toMatchObject({ port: 22866, host: '127.0.0.1', roots: ['/home/ann'], logLevel: 'info' });
    expect(settings.ownerKey).toBeUndefined();
    expect(settings.dataDir).toMatch(/^\/home\/ann\/.*baton$/i);
  });

  it('keep agents warm only where there is memory for them', () => {
    const gib = 1024 ** 3;
    expect([toWarmAgents(7 * gib, 0), toWarmAgents(8 * gib, 0), toWarmAgents(64 * gib, 4 * gib)]).toEqual([0, 2, 0]);
    expect(toWarmAgents(16 * gib, 2 ** 63)).toBe(2);
    expect(readSettings({ HOME: '/home/ann', BATON_WARM_AGENTS: '0' }).warmAgents).toBe(0);
    expect(readSettings({ HOME: '/home/ann', BATON_WARM_AGENTS: '5' }).warmAgents).toBe(5);
    expect(() => readSettings({ HOME: '/home/ann', BATON_WARM_AGENTS: '-1' })).toThrow('BATON_WARM_AGENTS');
  });

  it('let as many agents run as there is memory for, and as the owner says', () => {
    const gib = 1024 ** 3;
    expect([toMaxAgents(8 * gib, 0), toMaxAgents(gib, 0), toMaxAgents(64 * gib, 4 * gib)]).toEqual([20, 4, 10]);
    expect(readSettings({ HOME: '/home/ann' })).toMatchObject({ agentLimits: { perUser: 0 }, sleepAfterMinutes: 30 });
    const env = { BATON_MAX_AGENTS: '0', BATON_MAX_AGENTS_PER_USER: '3', BATON_SLEEP_AFTER_MINUTES: '0' };
    expect(readSettings(env)).toMatchObject({ agentLimits: { inAll: 0, perUser: 3 }, sleepAfterMinutes: 0 });
    expect(() => readSettings({ BATON_MAX_AGENTS: '-1' })).toThrow('BATON_MAX_AGENTS');
  });

  it('come from the environment, where empty is absent, and command line flags win', () => {
    const env = {
      HOME: '/home/ann',
      BATON_DATA: '/data',
      BATON_PORT: '0',
      BATON_OWNER_KEY: '',
      BATON_ROOTS: ['/a', '/b'].join(delimiter),
      BATON_ALLOWED_HOSTS: 'Baton.Example, other',
      BATON_LOG_LEVEL: 'warn',
      BATON_CLAUDE: '/opt/claude',
    };
    expect(readSettings(env, { port: 99 })).toMatchObject({
      dataDir: '/data',
      port: 99,
      roots: ['/a', '/b'],
      allowedHosts: ['baton.example', 'other'],
      logLevel: 'warn',
      claudePath: '/opt/claude',
      ownerKey: undefined,
    });
  });

  it.each([
    ['BATON_PORT', '70000'],
    ['BATON_PORT', 'http'],
    ['BATON_LOG_LEVEL', 'loud'],
    ['BATON_ROOTS', 'relative/folder'],
    ['BATON_MAX_SOCKETS', '-1'],
    ['BATON_AGENT_MEMORY_MB', '50'],
    ['BATON_AGENT_CPU_CORES', '0'],
    ['BATON_OWNER_KEY', 'fifteen-letters'],
  ])('that are wrong are named: %s=%s', (name, value) => {
    expect(() => readSettings({ [name]: value })).toThrow(name);
  });

  it('refuse a key that could be guessed, and say how to get one', () => {
    const why = 'BATON_OWNER_KEY is not valid: it has fewer than 16 characters and could be guessed';
    expect(() => readSettings({ BATON_OWNER_KEY: 'letmein' })).toThrow(why);
    expect(readSettings({ BATON_OWNER_KEY: 'sixteen-letters!' }).ownerKey).toBe('sixteen-letters!');
  });

  it('tell of what agents take, and end nothing by themselves', () => {
    const MIB = 1024 ** 2;
    const { memoryNoticeBytes } = readSettings({}).agentUse;
    expect(memoryNoticeBytes).toBeGreaterThan(100 * MIB);
    const ends = { busyCores: 1, busyMs: 0, busyNoticeMs: 600_000, memoryBytes: 0, memoryNoticeBytes };
    expect(readSettings({}).agentUse).toEqual(ends);
    const env = { BATON_AGENT_MEMORY_MB: '4000', BATON_AGENT_CPU_MINUTES: '5', BATON_AGENT_CPU_CORES: '2' };
    expect(readSettings(env).agentUse).toEqual({
      ...{ memoryBytes: 4000 * MIB, memoryNoticeBytes: 3200 * MIB },
      ...{ busyCores: 2, busyMs: 300_000, busyNoticeMs: 150_000 },
    });
    expect(readSettings({ BATON_AGENT_MEMORY_MB: '0' }).agentUse.memoryBytes).toBe(0);
  });

  it.each(['0.0.0.0', '192.168.1.2', '::', 'my-machine'])('keep the server off the network: %s', (host) => {
    expect(() => readSettings({ BATON_HOST: host })).toThrow('BATON_ALLOW_REMOTE=1');
    expect(() => readSettings({}, { host })).toThrow('nothing would be encrypted');
    expect(readSettings({ BATON_HOST: host, BATON_ALLOW_REMOTE: '1' }).host).toBe(host);
  });

  it.each(['localhost', '127.0.0.1', '127.8.8.8', '::1'])('take loopback: %s', (host) => {
    expect(readSettings({ BATON_HOST: host }).host).toBe(host);
  });
});
