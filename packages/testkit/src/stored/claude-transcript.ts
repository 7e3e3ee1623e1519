/** One prompt and what came of it. */
export interface Exchange {
  prompt: string;
  answer: string;
  /** A command that was run between the two, with what it printed. */
  command?: { line: string; output: string };
}

export interface ClaudeTranscript {
  /** The agent's own id, a UUID. */
  nativeId: string;
  cwd: string;
  /** RFC 3339 UTC, of the first prompt; each exchange takes a minute. */
  at: string;
  /** What Claude Code named it; absent: it is called by its first prompt. */
  title?: string;
  exchanges: readonly Exchange[];
}

const VERSION = '2.1.329';
const MINUTE = 60_000;

/** A conversation as Claude Code stores it, in the form of 2.1.329: the text of its file. */
export function toClaudeTranscript(transcript: ClaudeTranscript): string {
  const { nativeId, cwd, title, exchanges } = transcript;
  const lines: object[] = [];
  let parentUuid: string | null = null;
  const start = Date.parse(transcript.at);
  const add = (minute: number, second: number, content: object): void => {
    const uuid = toUuid(nativeId, lines.length);
    const timestamp = new Date(start + minute * MINUTE + second * 1000).toISOString();
    lines.push({
      parentUuid,
      isSidechain: false,
      uuid,
      timestamp,
      cwd,
      sessionId: nativeId,
      version: VERSION,
      ...content,
    });
    parentUuid = uuid;
  };
  for (const [minute, { prompt, answer, command }] of exchanges.entries()) {
    add(minute, 0, { type: 'user', userType: 'external', message: { role: 'user', content: prompt } });
    if (command !== undefined) {
      const id = `toolu_${nativeId.slice(0, 8)}${minute}`;
      const input = { command: command.line, description: 'Run it' };
      add(minute, 4, toSaid({ type: 'tool_use', id, name: 'Bash', input }, `${nativeId}${minute}a`));
      const content = [{ tool_use_id: id, type: 'tool_result', content: command.output, is_error: false }];
      const toolUseResult = { stdout: command.output, stderr: '', interrupted: false, isImage: false };
      add(minute, 6, { type: 'user', message: { role: 'user', content }, toolUseResult });
    }
    add(minute, 12, toSaid({ type: 'text', text: answer }, `${nativeId}${minute}b`));
  }
  if (title !== undefined) lines.push({ type: 'custom-title', customTitle: title, sessionId: nativeId });
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** The name of the folder under `projects` in which Claude Code stores what was said in this folder. */
export function toClaudeProject(cwd: string): string {
  return cwd.replace(/[^a-zA-Z0-9]/g, '-');
}

function toSaid(block: object, id: string): object {
  const usage = {
    input_tokens: 1200,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 8000,
    output_tokens: 180,
  };
  return {
    type: 'assistant',
    message: { id: `msg_${id}`, type: 'message', role: 'assistant', model: 'claude-opus-5-5', content: [block], usage },
  };
}

// The same each time, so that the same conversation has the same ids.
function toUuid(nativeId: string, index: number): string {
  return `${nativeId.slice(0, 24)}${index.toString(16).padStart(12, '0')}`;
}
