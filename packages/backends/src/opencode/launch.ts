import { parseJson } from '@baton/protocol';
import { toEnvironment } from '@baton/runner';

/** Variables of the server's own environment that are meant for OpenCode and for the providers it speaks to. */
const PASSED = [
  ...['OPENCODE_*', 'ANTHROPIC_*', 'OPENAI_*', 'OPENROUTER_*', 'GEMINI_*', 'GOOGLE_*', 'MISTRAL_*', 'GROQ_*', 'XAI_*'],
  ...['DEEPSEEK_*', 'TOGETHER_*', 'FIREWORKS_*', 'CEREBRAS_*', 'COHERE_*', 'PERPLEXITY_*', 'AZURE_*', 'AWS_*'],
  ...['CLOUDFLARE_*', 'GITHUB_TOKEN', 'GITLAB_TOKEN', 'HF_TOKEN', 'VERTEX_*', 'ZHIPU_*', 'MOONSHOT_*', 'OLLAMA_*'],
];

// The server speaks to nobody but Baton, under a password of its own.
const OURS = ['OPENCODE_SERVER_PASSWORD', 'OPENCODE_SERVER_USERNAME', 'OPENCODE_CALLER', 'OPENCODE_CLIENT'];

const PLUGIN = new URL('./session-mark-plugin.mjs', import.meta.url).href;

/** The whole environment of an OpenCode process. What the session sets wins over everything but Baton's own names. */
export function toOpencodeEnvironment(
  from: Readonly<Record<string, string | undefined>>,
  set: Readonly<Record<string, string>>,
): Record<string, string> {
  const passed = toEnvironment({ from, allow: PASSED, set });
  for (const name of OURS) delete passed[name];
  return {
    ...passed,
    OPENCODE_DISABLE_AUTOUPDATE: '1',
    OPENCODE_CONFIG_CONTENT: withPlugin(passed['OPENCODE_CONFIG_CONTENT']),
  };
}

// Plugins of all configurations are loaded, so ours takes nobody's place. A text that is no plain JSON is left as it is.
function withPlugin(content: string | undefined): string {
  if (content === undefined || content.trim() === '') return JSON.stringify({ plugin: [PLUGIN] });
  const parsed = parseJson(content);
  if (!parsed.ok || typeof parsed.value !== 'object' || parsed.value === null) return content;
  const before = 'plugin' in parsed.value && Array.isArray(parsed.value.plugin) ? parsed.value.plugin : [];
  return JSON.stringify({ ...parsed.value, plugin: [...before, PLUGIN] });
}

/** The system gives the port, so that no two servers want the same. */
export const SERVE_ARGUMENTS: readonly string[] = ['serve', '--hostname', '127.0.0.1', '--port', '0'];

/** The address in the line that says the server listens. Requests before it hang for ever. */
export function toListeningUrl(line: string): string | undefined {
  return /listening on (http:\/\/127\.0\.0\.1:\d+)/.exec(line)?.[1];
}
