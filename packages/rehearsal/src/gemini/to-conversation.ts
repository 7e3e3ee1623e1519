import { toInvalidInput } from '@baton/protocol';
import { z } from 'zod';
import type { Conversation, ImagePart, Message } from '../play/conversation.ts';
import type { ApiRequest } from '../serve/model-api.ts';
import { toSample } from './to-sample.ts';

const partSchema = z.looseObject({
  text: z.string().optional(),
  thought: z.boolean().optional(),
  inlineData: z.looseObject({ mimeType: z.string().default(''), data: z.string().default('') }).optional(),
  functionCall: z.looseObject({ name: z.string() }).optional(),
  functionResponse: z
    .looseObject({ name: z.string().default(''), response: z.record(z.string(), z.unknown()).default({}) })
    .optional(),
});
type Part = z.infer<typeof partSchema>;

const contentSchema = z.looseObject({ role: z.string().default('user'), parts: z.array(partSchema).default([]) });
type Content = z.infer<typeof contentSchema>;

const requestSchema = z.looseObject({
  contents: z.union([z.array(contentSchema).min(1), contentSchema.transform((content) => [content])]),
  systemInstruction: z
    .union([z.string().transform((text): Content => ({ role: 'user', parts: [{ text }] })), contentSchema])
    .optional(),
  tools: z
    .array(
      z.looseObject({
        functionDeclarations: z
          .array(
            z.looseObject({
              name: z.string(),
              parametersJsonSchema: z.record(z.string(), z.unknown()).optional(),
              parameters: z.record(z.string(), z.unknown()).optional(),
            }),
          )
          .default([]),
      }),
    )
    .default([]),
  generationConfig: z
    .looseObject({
      responseMimeType: z.string().optional(),
      responseSchema: z.unknown().optional(),
      responseJsonSchema: z.unknown().optional(),
    })
    .optional(),
});
type Body = z.infer<typeof requestSchema>;

/** What a request for content says; `invalid` with the reason when the real API would refuse it. */
export function toConversation(
  { body, headers }: ApiRequest,
  { model, isStream }: { model: string; isStream: boolean },
): Conversation | { invalid: string } {
  const parsed = requestSchema.safeParse(body);
  if (!parsed.success) return { invalid: toInvalidInput('the request', parsed.error).message };
  const { data } = parsed;
  if (hasUnanswered(data.contents)) {
    const rule = 'the number of function response parts is equal to the number of function call parts';
    return { invalid: `Please ensure that ${rule} of the function call turn.` };
  }
  const context = data.contents.flatMap(({ parts }) => parts.flatMap(toContext)).join('\n');
  const aside = toAside(data);
  return {
    model,
    system: [toText(data.systemInstruction?.parts ?? []), context, toFolderLine(context)].join('\n'),
    messages: data.contents.map(toMessage),
    tools: data.tools.flatMap(({ functionDeclarations }) =>
      functionDeclarations.map(({ name, parametersJsonSchema, parameters }) => ({
        name,
        schema: parametersJsonSchema ?? parameters ?? {},
      })),
    ),
    stream: isStream,
    // The API has no name for a session; what the CLI says of its folder and its time comes near to one.
    sessionKey: context,
    userAgent: headers['user-agent'] ?? '',
    ...(aside === undefined ? {} : { aside }),
  };
}

// Gemini CLI tells its model of the machine in a first message of the user, which is no prompt.
const CONTEXT = /<session_context>[\s\S]*?<\/session_context>/g;
const toContext = ({ text = '' }: Part): string[] => text.match(CONTEXT) ?? [];

function toFolderLine(context: string): string {
  const folder = /Workspace Directories:\*{0,2}\s*\n\s*-\s*(\/[^\n]*)/.exec(context)?.[1];
  return folder === undefined ? '' : `Working directory: ${folder.trim()}`;
}

// A request whose answer must have a form is one of the CLI's own, as is the one that shortens a conversation.
function toAside({ generationConfig, systemInstruction }: Body): string | undefined {
  const schema = generationConfig?.responseJsonSchema ?? generationConfig?.responseSchema;
  if (schema !== undefined || generationConfig?.responseMimeType === 'application/json')
    return JSON.stringify(toSample(schema ?? {}));
  const isSnapshot = toText(systemInstruction?.parts ?? []).includes('<state_snapshot>');
  return isSnapshot ? '<state_snapshot><overall_goal>Play the rehearsal.</overall_goal></state_snapshot>' : undefined;
}

function toMessage({ role, parts }: Content): Message {
  if (role === 'model') {
    return {
      role: 'assistant',
      text: toText(parts.filter((part) => part.thought !== true)),
      calls: parts.flatMap((part) => part.functionCall?.name ?? []),
    };
  }
  return { role: 'user', text: toText(parts), images: parts.flatMap(toImage), results: parts.flatMap(toResult) };
}

const toText = (parts: readonly Part[]): string =>
  parts
    .flatMap((part) => part.text ?? [])
    .join('\n')
    .replace(CONTEXT, '');

function toImage({ inlineData }: Part): ImagePart[] {
  if (inlineData === undefined || !inlineData.mimeType.startsWith('image/')) return [];
  return [{ mediaType: inlineData.mimeType, size: inlineData.data.length }];
}

function toResult({ functionResponse }: Part): { text: string; isError: boolean }[] {
  if (functionResponse === undefined) return [];
  const { error, output, ...rest } = functionResponse.response;
  const said = error ?? output ?? rest;
  return [{ text: typeof said === 'string' ? said : JSON.stringify(said), isError: error !== undefined }];
}

// As the real API: a turn of calls is followed by one of as many responses.
function hasUnanswered(contents: readonly Content[]): boolean {
  const turns: { role: string; parts: Part[] }[] = [];
  for (const { role, parts } of contents) {
    const last = turns.at(-1);
    if (last !== undefined && (last.role === 'model') === (role === 'model')) last.parts.push(...parts);
    else turns.push({ role, parts: [...parts] });
  }
  const count = (parts: readonly Part[] | undefined, key: 'functionCall' | 'functionResponse'): number =>
    (parts ?? []).filter((part) => part[key] !== undefined).length;
  return turns.some(
    ({ role, parts }, at) =>
      role === 'model' && count(parts, 'functionCall') !== count(turns[at + 1]?.parts, 'functionResponse'),
  );
}
