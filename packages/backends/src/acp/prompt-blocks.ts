import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ContentBlock } from '@agentclientprotocol/sdk';
import { AppError, type InputPart } from '@baton/protocol';

export interface Listener {
  title: string;
  cwd: string;
  takesImages: boolean;
}

/** A prompt as the agent takes it. Throws `capability-missing` for what it cannot. */
export function toPromptBlocks(input: readonly InputPart[], { title, cwd, takesImages }: Listener): ContentBlock[] {
  return input.map((part): ContentBlock => {
    if (part.type === 'text') return { type: 'text', text: part.text };
    if (part.type === 'file') {
      const path = resolve(cwd, part.path);
      return { type: 'resource_link', uri: pathToFileURL(path).href, name: basename(path) };
    }
    if (!takesImages)
      throw new AppError('capability-missing', `${title} takes no images. Send the prompt without them`);
    return { type: 'image', data: part.data, mimeType: part.mediaType };
  });
}
