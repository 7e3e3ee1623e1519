/** What Baton knows of a program beside how to talk to it: where it comes from, how one signs in, what it needs. */
export interface KnownAgent {
  /** The backend's id. */
  readonly id: string;
  readonly title: string;
  /** The agent whose installation by Baton it uses, because its program is the same; default: its own. */
  readonly installedAs?: string;
  /** File name of the program, without an extension; empty for what has none. */
  readonly program: string;
  readonly npm?: {
    readonly package: string;
    /** The version that Baton's tests run with; absent: they run with none, and the newest is installed. */
    readonly tested?: string;
    /** Whether the package is of no use before its own install script has run. No other package's script is ever run. */
    readonly needsScript: boolean;
    /** Whether it is loaded and not run: it has no program, and only what Baton installed for itself is found. */
    readonly isLibrary?: true;
  };
  /** The oldest version that Baton's tests run with. */
  readonly oldest?: string;
  /** Arguments of the program's own sign-in. */
  readonly login?: readonly string[];
  /** Variables that a key can be given in. */
  readonly keys: readonly string[];
  /** Variables of the server that its sign-in needs, beside the common ones; `*` at the end stands for any ending. */
  readonly passes: readonly string[];
  readonly proxy: ProxySupport;
}

/**
 * What a program does with the variables for a proxy. `http`: heeds HTTP_PROXY and HTTPS_PROXY, no SOCKS. `all`: SOCKS and
 * ALL_PROXY too. `loopback`: heeds them even for itself, unless NO_PROXY names loopback. `node`: only when Node is told to.
 */
export type ProxySupport = 'http' | 'all' | 'loopback' | 'node' | 'unknown';

export const KNOWN_AGENTS: readonly KnownAgent[] = [
  {
    id: 'claude',
    title: 'Claude Code',
    program: 'claude',
    npm: { package: '@anthropic-ai/claude-code', tested: '2.1.329', needsScript: true },
    oldest: '2.1.197',
    login: ['auth', 'login'],
    keys: ['ANTHROPIC_API_KEY', 'CLAUDE_CODE_OAUTH_TOKEN'],
    passes: ['CLAUDE_CONFIG_DIR'],
    proxy: 'http',
  },
  {
    id: 'agent-sdk',
    title: 'Claude Agent SDK',
    program: '',
    npm: { package: '@anthropic-ai/claude-agent-sdk', tested: '0.3.316', needsScript: false, isLibrary: true },
    oldest: '0.3.316',
    keys: ['ANTHROPIC_API_KEY', 'CLAUDE_CODE_OAUTH_TOKEN'],
    passes: ['CLAUDE_CONFIG_DIR'],
    proxy: 'http',
  },
  {
    id: 'codex',
    title: 'Codex',
    program: 'codex',
    npm: { package: '@openai/codex', tested: '0.169.0', needsScript: false },
    oldest: '0.169.0',
    // A link and a code: its other way waits for a browser on the server's own machine.
    login: ['login', '--device-auth'],
    keys: ['OPENAI_API_KEY', 'CODEX_API_KEY'],
    passes: ['CODEX_HOME'],
    proxy: 'all',
  },
  {
    id: 'gemini',
    title: 'Gemini',
    program: 'gemini',
    npm: { package: '@google/gemini-cli', tested: '0.61.0', needsScript: false },
    oldest: '0.61.0',
    login: [],
    keys: ['GEMINI_API_KEY'],
    passes: ['GEMINI_*', 'GOOGLE_*'],
    proxy: 'http',
  },
  {
    id: 'opencode',
    title: 'OpenCode',
    program: 'opencode',
    npm: { package: 'opencode-ai', tested: '1.18.33', needsScript: true },
    oldest: '1.18.33',
    login: ['auth', 'login'],
    keys: ['ANTHROPIC_API_KEY', 'OPENAI_API_KEY'],
    passes: ['OPENCODE_*'],
    proxy: 'loopback',
  },
  {
    id: 'worker',
    title: 'Baton worker',
    program: '',
    keys: ['ANTHROPIC_API_KEY', 'OPENAI_API_KEY'],
    passes: [],
    proxy: 'node',
  },
  {
    id: 'opencode-acp',
    title: 'OpenCode (ACP)',
    installedAs: 'opencode',
    program: 'opencode',
    npm: { package: 'opencode-ai', tested: '1.18.33', needsScript: true },
    oldest: '1.18.33',
    login: ['auth', 'login'],
    keys: ['ANTHROPIC_API_KEY', 'OPENAI_API_KEY'],
    passes: ['OPENCODE_*'],
    proxy: 'loopback',
  },
  {
    id: 'claude-acp',
    title: 'Claude Code (ACP)',
    program: 'claude-agent-acp',
    npm: { package: '@agentclientprotocol/claude-agent-acp', tested: '0.100.0', needsScript: false },
    oldest: '0.100.0',
    keys: ['ANTHROPIC_API_KEY', 'CLAUDE_CODE_OAUTH_TOKEN'],
    passes: [],
    proxy: 'http',
  },
  {
    id: 'codex-acp',
    title: 'Codex (ACP)',
    program: 'codex-acp',
    npm: { package: '@agentclientprotocol/codex-acp', tested: '2.6.0', needsScript: false },
    oldest: '2.6.0',
    keys: ['OPENAI_API_KEY', 'CODEX_API_KEY'],
    passes: [],
    proxy: 'all',
  },
  {
    id: 'copilot',
    title: 'GitHub Copilot',
    program: 'copilot',
    npm: { package: '@github/copilot', tested: '1.0.102', needsScript: false },
    oldest: '1.0.102',
    login: ['login'],
    keys: ['GH_TOKEN', 'GITHUB_TOKEN'],
    passes: ['COPILOT_*', 'GH_HOST'],
    proxy: 'unknown',
  },
  {
    id: 'qwen',
    title: 'Qwen Code',
    program: 'qwen',
    npm: { package: '@qwen-code/qwen-code', tested: '0.24.4', needsScript: false },
    oldest: '0.24.4',
    login: [],
    keys: ['OPENAI_API_KEY', 'DASHSCOPE_API_KEY'],
    passes: ['QWEN_*'],
    proxy: 'unknown',
  },
  {
    id: 'goose',
    title: 'Goose',
    program: 'goose',
    login: ['configure'],
    keys: ['ANTHROPIC_API_KEY', 'OPENAI_API_KEY'],
    passes: ['GOOSE_*'],
    proxy: 'unknown',
  },
  {
    id: 'cursor',
    title: 'Cursor',
    program: 'cursor-agent',
    login: ['login'],
    keys: ['CURSOR_API_KEY'],
    passes: [],
    proxy: 'unknown',
  },
  {
    id: 'kimi',
    title: 'Kimi Code',
    program: 'kimi',
    npm: { package: '@moonshot-ai/kimi-code', tested: '2.1.0', needsScript: false },
    oldest: '2.1.0',
    login: ['login'],
    keys: ['KIMI_MODEL_API_KEY'],
    passes: ['KIMI_*'],
    proxy: 'unknown',
  },
  {
    id: 'kiro',
    title: 'Kiro',
    program: 'kiro-cli',
    login: ['login'],
    keys: [],
    passes: ['KIRO_*'],
    proxy: 'unknown',
  },
];
