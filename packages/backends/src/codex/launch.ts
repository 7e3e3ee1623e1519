import { toEnvironment } from '@baton/runner';

/** Variables of the server's own environment that are meant for Codex. */
const PASSED = [
  ...['OPENAI_API_KEY', 'OPENAI_BASE_URL', 'OPENAI_ORGANIZATION', 'OPENAI_PROJECT', 'CODEX_HOME', 'CODEX_API_KEY'],
  ...['CODEX_ACCESS_TOKEN', 'CODEX_CA_CERTIFICATE', 'AZURE_OPENAI_*'],
];

/** Keys of the model, which are no business of the commands that the agent runs. */
const SECRETS = ['OPENAI_API_KEY', 'CODEX_API_KEY', 'CODEX_ACCESS_TOKEN', 'AZURE_OPENAI_*'];

/** The whole environment of a Codex process. What the session sets wins over everything but Baton's own names. */
export function toCodexEnvironment(
  from: Readonly<Record<string, string | undefined>>,
  set: Readonly<Record<string, string>>,
  more: readonly string[] = [],
): Record<string, string> {
  return toEnvironment({ from, allow: [...PASSED, ...more], set: { RUST_LOG: 'error', NO_COLOR: '1', ...set } });
}

/** What of the user's own setup decides how Codex is started. */
export interface UserSetup {
  /** The text of `config.toml`; empty when there is none. */
  config: string;
  hasLogin: boolean;
}

/** How Codex's own program comes into a conversation of a process that listens at `remote`, as `agent.started` tells it. */
export const toJoin = (remote: string | undefined, threadId: string): { join?: string[] } =>
  remote === undefined ? {} : { join: ['codex', '--remote', remote, 'resume', threadId] };

/** Names of variables that the user's providers take their keys from. */
export function toKeyNames(config: string): string[] {
  return [...config.matchAll(/^\s*(?:env_key|[\w.]*\.env_key)\s*=\s*"(\w+)"/gm)].map(([, name = '']) => name);
}

/** Whether the settings speak of how far Codex may go; other settings than the user's own may, too. */
export const hasStance = ({ config }: UserSetup): boolean => /approval_policy|sandbox_mode|profile/.test(config);

/** The provider that Baton defines, where the environment names one. */
export const PROVIDER = 'baton';

export interface Provider {
  baseUrl: string;
  keyName: string | undefined;
}

/**
 * The provider that the environment asks for. Codex itself reads neither `OPENAI_BASE_URL` nor, without `codex login`,
 * `OPENAI_API_KEY`; whoever sets them means them.
 */
export function toProvider(env: Readonly<Record<string, string>>, setup: UserSetup): Provider | undefined {
  const keyName = ['OPENAI_API_KEY', 'CODEX_API_KEY'].find((name) => (env[name] ?? '') !== '');
  const baseUrl = env['OPENAI_BASE_URL'] ?? '';
  if (baseUrl !== '') return { baseUrl: baseUrl.replace(/\/+$/, ''), keyName };
  const hasOwn = setup.hasLogin || /^\s*(model_provider|cli_auth_credentials_store)\s*=/m.test(setup.config);
  return keyName === undefined || hasOwn ? undefined : { baseUrl: 'https://api.openai.com/v1', keyName };
}

export function toArguments(env: Readonly<Record<string, string>>, setup: UserSetup): string[] {
  const settings: [string, unknown][] = [
    ['check_for_update_on_startup', false],
    // Without these two it has no plan to show, and asks its user nothing outside of plan mode.
    ['tools.update_plan.enabled', true],
    ['features.default_mode_request_user_input', true],
    ['suppress_unstable_features_warning', true],
    // It would try to reach a provider that is not there for ever.
    ['features.unbounded_connection_retries', false],
    // A thread that nobody listens to is put away at once, with its MCP servers.
    ['thread_unload_delay_secs', 0],
    // Nothing of its reasoning would be shown.
    ...(/model_reasoning_summary/.test(setup.config)
      ? []
      : ([['model_reasoning_summary', 'auto']] satisfies [string, unknown][])),
    ...toEnvironmentPolicy(setup),
    ...toProviderSettings(toProvider(env, setup)),
  ];
  return ['app-server', ...settings.flatMap(([key, value]) => ['-c', `${key}=${toToml(value)}`])];
}

// The user's own policy stays.
function toEnvironmentPolicy({ config }: UserSetup): [string, unknown][] {
  return /shell_environment_policy/.test(config) ? [] : [['shell_environment_policy.exclude', SECRETS]];
}

function toProviderSettings(provider: Provider | undefined): [string, unknown][] {
  if (provider === undefined) return [];
  const { baseUrl, keyName } = provider;
  const definition = {
    name: 'OpenAI-compatible',
    base_url: baseUrl,
    wire_api: 'responses',
    // A person should not wait for half a minute before they learn that a key is wrong.
    request_max_retries: 2,
    stream_max_retries: 2,
    ...(keyName === undefined ? {} : { env_key: keyName }),
  };
  return [
    ['model_provider', PROVIDER],
    [`model_providers.${PROVIDER}`, definition],
    // A model on this very machine is chosen to stay on it: nothing is looked up elsewhere.
    ...(isLoopback(baseUrl)
      ? ([
          ['features.plugins', false],
          ['analytics.enabled', false],
        ] satisfies [string, unknown][])
      : []),
  ];
}

function isLoopback(url: string): boolean {
  const host = URL.canParse(url) ? new URL(url).hostname : '';
  return host === 'localhost' || host === '[::1]' || host.startsWith('127.');
}

function toToml(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toToml).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([key, entry]) => `${key} = ${toToml(entry)}`)
    .join(', ')} }`;
}
