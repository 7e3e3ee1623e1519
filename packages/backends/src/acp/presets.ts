import type { AcpAgentDefinition } from '@baton/protocol';

// Their own tools read, write and run, each under the agent's own rules; Baton's would only come on top.
const OWN_TOOLS = { files: false, terminals: false } as const;

const CODEX_SETTINGS = {
  // Without these two it has no plan to show, and asks its user nothing.
  tools: { update_plan: { enabled: true } },
  features: {
    default_mode_request_user_input: true,
    // It would try to reach a provider that is not there for ever.
    unbounded_connection_retries: false,
  },
  suppress_unstable_features_warning: true,
};

/** Agents that are known to speak the protocol, and how each is started as it works best here. */
export const ACP_PRESETS: readonly AcpAgentDefinition[] = [
  {
    id: 'gemini',
    title: 'Gemini CLI',
    command: 'gemini',
    args: ['--acp'],
    env: {
      // Without it the CLI starts itself once more, and the first of the two ignores every signal.
      GEMINI_CLI_NO_RELAUNCH: '1',
      // There is nobody at its terminal to ask; Baton's user chose the folder.
      GEMINI_CLI_TRUST_WORKSPACE: 'true',
      // With a terminal of its own, what commands print is lost to the protocol.
      GEMINI_PTY_INFO: 'child_process',
      GEMINI_TELEMETRY_ENABLED: 'false',
      NO_COLOR: '1',
    },
    passes: ['GEMINI_*', 'GOOGLE_*', 'CLOUDSDK_*'],
    icon: 'G',
    install: 'Install it with "npm install -g @google/gemini-cli"',
    signIn: 'Run "gemini" in a terminal and sign in, or set GEMINI_API_KEY',
    ...OWN_TOOLS,
  },
  {
    id: 'opencode-acp',
    title: 'OpenCode (ACP)',
    command: 'opencode',
    args: ['acp'],
    env: { OPENCODE_DISABLE_AUTOUPDATE: '1' },
    passes: ['OPENCODE_*', 'ANTHROPIC_*', 'OPENAI_*', 'GEMINI_API_KEY', 'OPENROUTER_API_KEY'],
    icon: 'OC',
    install: 'Install it with "npm install -g opencode-ai"',
    signIn: 'Run "opencode auth login" in a terminal',
    ...OWN_TOOLS,
  },
  {
    id: 'claude-acp',
    title: 'Claude Code (ACP)',
    command: 'claude-agent-acp',
    args: [],
    // A guess at the next prompt would cost a request after every turn, and nothing shows it.
    env: { DISABLE_AUTOUPDATER: '1', CLAUDE_CODE_ENABLE_PROMPT_SUGGESTION: 'false' },
    passes: [
      'ANTHROPIC_*',
      'CLAUDE_CONFIG_DIR',
      'CLAUDE_CODE_OAUTH_TOKEN',
      'CLAUDE_CODE_USE_*',
      'CLAUDE_CODE_EXECUTABLE',
      'AWS_*',
    ],
    icon: 'C',
    install: 'Install it with "npm install -g @agentclientprotocol/claude-agent-acp"',
    signIn: 'Run "claude auth login" in a terminal, or set ANTHROPIC_API_KEY',
    ...OWN_TOOLS,
  },
  {
    id: 'codex-acp',
    title: 'Codex (ACP)',
    command: 'codex-acp',
    args: [],
    env: {
      // Its own default lets a model decide what is allowed, and asks nobody.
      INITIAL_AGENT_MODE: 'workspace-write',
      NO_BROWSER: '1',
      CODEX_CONFIG: JSON.stringify(CODEX_SETTINGS),
    },
    passes: ['CODEX_*', 'OPENAI_*'],
    icon: 'CX',
    install: 'Install it with "npm install -g @agentclientprotocol/codex-acp"',
    signIn: 'Run "codex login" in a terminal, or set OPENAI_API_KEY',
    ...OWN_TOOLS,
  },
  {
    id: 'copilot',
    title: 'GitHub Copilot',
    command: 'copilot',
    args: ['--acp'],
    passes: ['COPILOT_*', 'GH_TOKEN', 'GITHUB_TOKEN', 'GH_HOST'],
    icon: 'GH',
    install: 'Install it with "npm install -g @github/copilot"',
    signIn: 'Run "copilot login" in a terminal',
    ...OWN_TOOLS,
  },
  {
    id: 'qwen',
    title: 'Qwen Code',
    command: 'qwen',
    // Its own default lets a model decide what is allowed.
    args: ['--acp', '--approval-mode', 'default'],
    // Without it the CLI starts itself once more.
    env: { QWEN_CODE_NO_RELAUNCH: '1', NO_COLOR: '1' },
    passes: ['QWEN_*', 'OPENAI_*', 'DASHSCOPE_API_KEY'],
    icon: 'Q',
    install: 'Install it with "npm install -g @qwen-code/qwen-code"',
    signIn: 'Run "qwen" in a terminal and sign in, or set OPENAI_API_KEY',
    ...OWN_TOOLS,
  },
  {
    id: 'goose',
    title: 'Goose',
    command: 'goose',
    args: ['acp'],
    passes: ['GOOSE_*', 'ANTHROPIC_*', 'OPENAI_*', 'GOOGLE_*', 'OPENROUTER_API_KEY'],
    icon: 'GO',
    install: 'Install it as its site says: https://block.github.io/goose',
    signIn: 'Run "goose configure" in a terminal',
  },
  {
    id: 'cursor',
    title: 'Cursor',
    command: 'cursor-agent',
    args: ['acp'],
    passes: ['CURSOR_*'],
    icon: 'CU',
    install: 'Install it as its site says: https://cursor.com/cli',
    signIn: 'Run "cursor-agent login" in a terminal, or set CURSOR_API_KEY',
  },
  {
    id: 'kimi',
    title: 'Kimi Code',
    command: 'kimi',
    args: ['acp'],
    env: { KIMI_CODE_NO_AUTO_UPDATE: '1' },
    passes: ['KIMI_*', 'MOONSHOT_*'],
    icon: 'K',
    install: 'Install it with "npm install -g @moonshot-ai/kimi-code"',
    signIn: 'Run "kimi login" in a terminal',
    ...OWN_TOOLS,
  },
  {
    id: 'kiro',
    title: 'Kiro',
    command: 'kiro-cli',
    args: ['acp'],
    passes: ['KIRO_*', 'AWS_*'],
    icon: 'KI',
    install: 'Install it as its site says: https://kiro.dev/cli',
    signIn: 'Run "kiro-cli login" in a terminal',
  },
];
