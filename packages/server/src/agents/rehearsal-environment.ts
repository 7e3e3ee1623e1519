import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toEnvironment } from '@baton/runner';

type Env = Readonly<Record<string, string | undefined>>;

/** Nobody listens there: what does not go to loopback goes nowhere. */
const NOWHERE = 'http://127.0.0.1:9';

/**
 * The whole environment of a rehearsal: nothing of the owner's keys, settings and home, every known model address on
 * loopback, and a dead proxy for whatever would go elsewhere.
 */
export function toRehearsalEnvironment(given: {
  from: Env;
  home: string;
  url: string;
  key: string;
}): Record<string, string> {
  const { from, home, url, key } = given;
  const common = toEnvironment({ from });
  const kept = Object.fromEntries(Object.entries(common).filter(([name]) => !LEFT_OUT.test(name)));
  return {
    ...kept,
    ...toHome(home),
    ...{ ANTHROPIC_BASE_URL: url, ANTHROPIC_API_KEY: key, ANTHROPIC_AUTH_TOKEN: '' },
    ...{ OPENAI_BASE_URL: `${url}/v1`, OPENAI_API_KEY: key, CODEX_API_KEY: key },
    ...{ GOOGLE_GEMINI_BASE_URL: url, GEMINI_API_KEY: key, GEMINI_CLI_TRUST_WORKSPACE: 'true' },
    ...{ KIMI_MODEL_PROVIDER_TYPE: 'openai', KIMI_MODEL_BASE_URL: `${url}/v1`, KIMI_MODEL_API_KEY: key },
    ...{ KIMI_MODEL_NAME: 'scripted', KIMI_DISABLE_TELEMETRY: '1', OPENAI_MODEL: 'scripted' },
    ...{ COPILOT_PROVIDER_BASE_URL: `${url}/v1`, COPILOT_PROVIDER_API_KEY: key, COPILOT_MODEL: 'scripted' },
    ...{ COPILOT_OFFLINE: 'true' },
    ...{ HTTP_PROXY: NOWHERE, HTTPS_PROXY: NOWHERE, NO_PROXY: 'localhost,127.0.0.1,::1' },
    ...{ http_proxy: NOWHERE, https_proxy: NOWHERE, no_proxy: 'localhost,127.0.0.1,::1' },
    ...{ CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1', DISABLE_TELEMETRY: '1', CLAUDE_CODE_MAX_RETRIES: '1' },
    ...{ OPENCODE_DISABLE_AUTOUPDATE: '1', OPENCODE_DISABLE_MODELS_FETCH: '1', OPENCODE_DISABLE_LSP_DOWNLOAD: '1' },
    ...{ OPENCODE_DISABLE_DEFAULT_PLUGINS: '1', OPENCODE_DISABLE_CLAUDE_CODE: '1' },
    // Some fetch parts of themselves when they start, and try for a minute: there is no registry either.
    ...{ npm_config_offline: 'true', npm_config_fetch_retries: '0' },
    OPENCODE_CONFIG_CONTENT: toOpencodeConfig(url, key),
  };
}

// OpenCode asks a catalogue on the net for the models of providers that it knows; this one brings its own.
function toOpencodeConfig(url: string, key: string): string {
  const limit = { context: 128_000, output: 8000 };
  const options = { baseURL: `${url}/v1`, apiKey: key };
  const models = { scripted: { name: 'Rehearsal', tool_call: true, limit } };
  return JSON.stringify({
    ...{ share: 'disabled', autoupdate: false, model: 'rehearsal/scripted', small_model: 'rehearsal/scripted' },
    enabled_providers: ['rehearsal'],
    provider: { rehearsal: { npm: '@ai-sdk/openai-compatible', name: 'Rehearsal', options, models } },
  });
}

const LEFT_OUT = /^(XDG_.*|SSH_AUTH_SOCK|GIT_SSH_COMMAND|DBUS_SESSION_BUS_ADDRESS|ALL_PROXY|all_proxy)$/;

function toHome(home: string): Record<string, string> {
  return {
    ...{
      KIMI_CODE_HOME: join(home, '.kimi-code'),
      QWEN_HOME: join(home, '.qwen'),
      COPILOT_HOME: join(home, '.copilot'),
    },
    ...{ HOME: home, USERPROFILE: home, CLAUDE_CONFIG_DIR: join(home, '.claude'), CODEX_HOME: join(home, '.codex') },
    ...{ XDG_CONFIG_HOME: join(home, '.config'), XDG_DATA_HOME: join(home, '.local', 'share') },
    ...{ XDG_STATE_HOME: join(home, '.local', 'state'), XDG_CACHE_HOME: join(home, '.cache') },
    ...(process.platform === 'win32' ? { APPDATA: join(home, 'Roaming'), LOCALAPPDATA: join(home, 'Local') } : {}),
  };
}

/** Files that some agents want beside variables, in the home of the rehearsal. */
export async function writeRehearsalSettings(id: string, { home, url }: { home: string; url: string }): Promise<void> {
  await mkdir(join(home, '.codex'), { recursive: true });
  const file = SETTINGS[id]?.(url);
  if (file === undefined) return;
  const path = join(home, ...file.path);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, file.text);
}

const toCodexSettings = (url: string) => ({
  path: ['.codex', 'config.toml'],
  text: `model_provider = "rehearsal"\ncheck_for_update_on_startup = false\n
[model_providers.rehearsal]
name = "Rehearsal"
base_url = "${url}/v1"
env_key = "OPENAI_API_KEY"
wire_api = "responses"
`,
});

const SETTINGS: Readonly<Record<string, (url: string) => { path: string[]; text: string }>> = {
  codex: toCodexSettings,
  'codex-acp': toCodexSettings,
  gemini: () => ({
    path: ['.gemini', 'settings.json'],
    text: JSON.stringify({
      security: { auth: { selectedType: 'gemini-api-key' } },
      privacy: { usageStatisticsEnabled: false },
      general: { disableAutoUpdate: true, disableUpdateNag: true },
    }),
  }),
};
