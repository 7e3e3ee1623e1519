import { type InputPart, toPlainText } from '@baton/protocol';

/** A prompt as the agent takes it. Plain text stays a string, because only there does it look for slash commands. */
export function toUserLine(input: readonly InputPart[], uuid: string): Record<string, unknown> {
  const content = input.some((part) => part.type === 'image') ? input.map(toBlock) : toText(input);
  return { type: 'user', message: { role: 'user', content }, parent_tool_use_id: null, session_id: '', uuid };
}

function toText(input: readonly InputPart[]): string {
  return input.map((part) => (part.type === 'file' ? toMention(part.path) : toPlainText([part]))).join('\n');
}

function toBlock(part: InputPart): unknown {
  if (part.type !== 'image') return { type: 'text', text: toText([part]) };
  return { type: 'image', source: { type: 'base64', media_type: part.mediaType, data: part.data } };
}

function toMention(path: string): string {
  return /\s/.test(path) ? `@"${path}"` : `@${path}`;
}
