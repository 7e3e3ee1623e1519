import { AppError, type InputPart, isAppError } from '@baton/protocol';
import { insist, type OpencodeApi, isUnanswered } from './api.ts';
import { type SlashCommand, toCommand, toModelRef, toPromptParts } from './prompt-body.ts';
import { COMPACT } from './ready.ts';
import type { OpencodeState } from './state.ts';

export interface PromptTarget {
  api: OpencodeApi;
  state: OpencodeState;
  /** A command was refused after it had been handed over. */
  onRefused(error: AppError): void;
}

export interface OutgoingPrompt {
  messageId: string;
  input: readonly InputPart[];
  /** It joins the running turn, where commands have no place. */
  isSteer?: boolean;
}

/** Hands a prompt over. Resolves when OpenCode has it; how it goes on is told by events. */
export async function sendPrompt(target: PromptTarget, prompt: OutgoingPrompt): Promise<void> {
  const { api, state } = target;
  const { cwd: directory, nativeId, model, mode, effort } = state;
  const parts = await toPromptParts(prompt.input, directory);
  const names = state.offer.commands.map((command) => command.name);
  const command = prompt.isSteer === true ? undefined : toCommand(parts, names);
  if (command?.name === COMPACT) return summarise(target);
  const variant = effort === undefined ? {} : { variant: effort };
  const agent = mode === undefined ? {} : { agent: mode };
  const base = { messageID: prompt.messageId, ...agent, ...variant };
  if (command !== undefined) {
    const files = parts.filter((part) => part.type === 'file');
    return runCommand(target, command, { ...base, parts: files, ...(model === undefined ? {} : { model }) });
  }
  const body = { ...base, parts, ...(model === undefined ? {} : { model: toModelRef(model) }) };
  const path = `/session/${nativeId}`;
  try {
    await api.send(`${path}/prompt_async`, { directory, body });
  } catch (error) {
    if (!isUnanswered(error)) throw error;
    // The connection broke: twice would be worse than not at all.
    const isThere = await hasMessage(target, `${path}/message/${prompt.messageId}`);
    if (!isThere) await api.send(`${path}/prompt_async`, { directory, body });
  }
}

function hasMessage({ api, state }: PromptTarget, path: string): Promise<boolean> {
  return insist(async () => {
    try {
      await api.send(path, { method: 'GET', directory: state.cwd });
      return true;
    } catch (error) {
      if (isAppError(error) && error.kind === 'not-found') return false;
      throw error;
    }
  });
}

function runCommand(target: PromptTarget, command: SlashCommand, base: object): void {
  const body = { ...base, command: command.name, arguments: command.arguments };
  handOver(target, `/session/${target.state.nativeId}/command`, body);
}

function summarise(target: PromptTarget): void {
  const model = target.state.model ?? target.state.offer.defaultModel;
  if (model === undefined) {
    throw new AppError(
      'invalid-input',
      'Cannot summarise: OpenCode has no model. Choose one, or run "opencode auth login"',
    );
  }
  handOver(target, `/session/${target.state.nativeId}/summarize`, toModelRef(model));
}

// These answer only when the work is done, which may take longer than any connection lasts.
function handOver({ api, state, onRefused }: PromptTarget, path: string, body: unknown): void {
  api.send(path, { directory: state.cwd, body, timeoutMs: Number.POSITIVE_INFINITY }).catch((error: unknown) => {
    if (isAppError(error) && !isUnanswered(error)) onRefused(error);
  });
}
