import { stat } from 'node:fs/promises';
import { basename, extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { InputPart } from '@baton/protocol';

const MIMES: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.pdf': 'application/pdf',
};

export type PromptPart = { type: 'text'; text: string } | { type: 'file'; mime: string; url: string; filename: string };

/** A prompt as OpenCode takes it. A file that is not there is only mentioned, because OpenCode would refuse the prompt. */
export function toPromptParts(input: readonly InputPart[], cwd: string): Promise<PromptPart[]> {
  return Promise.all(input.map((part) => toPromptPart(part, cwd)));
}

async function toPromptPart(part: InputPart, cwd: string): Promise<PromptPart> {
  if (part.type === 'text') return { type: 'text', text: part.text };
  if (part.type === 'image') {
    const { mediaType: mime, data } = part;
    return { type: 'file', mime, url: `data:${mime};base64,${data}`, filename: `image.${mime.slice('image/'.length)}` };
  }
  const path = resolve(cwd, part.path);
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return { type: 'text', text: `@${part.path}` };
  const mime = found.isDirectory() ? 'application/x-directory' : (MIMES[extname(path).toLowerCase()] ?? 'text/plain');
  return { type: 'file', mime, url: pathToFileURL(path).href, filename: basename(path) };
}

/** Whether it depends on what OpenCode offers what these words stand for. */
export function mayBeCommand(input: readonly InputPart[]): boolean {
  return input.some((part) => part.type === 'text' && part.text.trimStart().startsWith('/'));
}

export interface SlashCommand {
  name: string;
  arguments: string;
}

/** The command a prompt is, if OpenCode offers it; anything else that begins with a slash is plain text. */
export function toCommand(parts: readonly PromptPart[], names: readonly string[]): SlashCommand | undefined {
  const [first, ...others] = parts.filter((part) => part.type === 'text');
  if (first === undefined || others.length > 0) return undefined;
  const match = /^\/(\S+)(?:\s+(.*))?$/s.exec(first.text.trim());
  const name = match?.[1];
  return name !== undefined && names.includes(name) ? { name, arguments: match?.[2] ?? '' } : undefined;
}

/** `provider/model`, of which the model may have slashes of its own. */
export function toModelRef(model: string): { providerID: string; modelID: string } {
  const slash = model.indexOf('/');
  return { providerID: model.slice(0, Math.max(slash, 0)), modelID: model.slice(slash + 1) };
}
