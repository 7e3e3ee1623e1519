/** What one model request says, whatever API it came through. */
export interface Conversation {
  model: string;
  system: string;
  messages: readonly Message[];
  tools: readonly OfferedTool[];
  stream: boolean;
  /** Tells apart sessions that send the same words; empty when the agent says nothing of the kind. */
  sessionKey: string;
  /** The agent's own program, as it names itself. */
  userAgent: string;
  /** The answer itself, where the request dictates its form and so cannot be a prompt. */
  aside?: string;
  /** What is called before the script goes on, in a reply of its own that is no part of it. */
  due?: { name: string; input: Readonly<Record<string, unknown>> };
}

export interface OfferedTool {
  name: string;
  schema: Readonly<Record<string, unknown>>;
}

export type Message =
  | { role: 'user'; text: string; images: readonly ImagePart[]; results: readonly ToolResult[] }
  | { role: 'assistant'; text: string; calls: readonly string[] };

export interface ImagePart {
  mediaType: string;
  /** Length of the base64 text. */
  size: number;
}

export interface ToolResult {
  text: string;
  isError: boolean;
}

/** One reply of the model: the tools it called and what came back. */
export interface PastRound {
  calls: readonly string[];
  results: readonly ToolResult[];
}

/** A prompt with all that followed it. */
export interface Exchange {
  prompt: string;
  images: readonly ImagePart[];
  /** The replies of the model since. */
  rounds: readonly PastRound[];
}

// What agents put beside the user's words: context, not a prompt.
const ASIDE =
  /<(system-reminder|local-command-[a-z]+|current_datetime|command-[a-z]+|environment_details)>[\s\S]*?<\/\1>/g;
const INTERRUPTED = /\[(Request interrupted by user|The user stopped you)[^\]]*\]/g;

/** The exchanges of a conversation, oldest first. Stateless: parallel and resumed sessions never meet. */
export function toExchanges(messages: readonly Message[]): Exchange[] {
  const exchanges: OpenExchange[] = [];
  // Whether the next prompt begins an exchange; otherwise it belongs to the one before, which had no reply yet.
  let isFresh = true;
  for (const message of messages) {
    if (message.role === 'assistant') {
      if (isRound(message.calls)) exchanges.at(-1)?.rounds.push({ calls: message.calls, results: [] });
      isFresh = true;
      continue;
    }
    const round = exchanges.at(-1)?.rounds.at(-1);
    round?.results.push(...message.results);
    if (message.text.search(INTERRUPTED) !== -1) isFresh = true;
    const prompt = toPromptText(message.text);
    // Images that come with results and no words are what a tool returned.
    const isPrompt = prompt !== '' || (message.images.length > 0 && message.results.length === 0);
    if (!isPrompt) continue;
    addPrompt(exchanges, { prompt, images: message.images, isFresh });
    isFresh = false;
  }
  return exchanges;
}

interface OpenExchange {
  prompt: string;
  images: ImagePart[];
  rounds: { calls: readonly string[]; results: ToolResult[] }[];
}

function addPrompt(
  exchanges: OpenExchange[],
  { prompt, images, isFresh }: { prompt: string; images: readonly ImagePart[]; isFresh: boolean },
): void {
  const current = exchanges.at(-1);
  if (isFresh || current === undefined) {
    exchanges.push({ prompt, images: [...images], rounds: [] });
    return;
  }
  current.prompt = `${current.prompt}\n${prompt}`.trim();
  current.images.push(...images);
}

/** The tool by which an agent fetches the definition of another tool; such a reply is no part of the script. */
export const LOOKUP_TOOL = 'ToolSearch';

// Only calls bring a script further: words without one were its end, or were cut off and are to be said again.
const isRound = (calls: readonly string[]): boolean => calls.some((name) => name !== LOOKUP_TOOL);

export function toPromptText(text: string): string {
  return text.replace(ASIDE, '').replace(INTERRUPTED, '').trim();
}
