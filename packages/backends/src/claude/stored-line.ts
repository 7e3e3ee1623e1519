import { parseJson } from '@baton/protocol';
import { z } from 'zod';
import { toTime } from '../stored/stored-log.ts';
import { type StoredBlock, type StoredMessage, toBlocks, toMessage } from './stored-content.ts';

// A line of a transcript, as loosely as we read it: a field of the wrong type is as good as none.
const text = z.string().optional().catch(undefined);
const flag = z.boolean().optional().catch(undefined);

const attachmentSchema = z.object({ type: z.string(), prompt: z.unknown().optional(), commandMode: text });
const lineSchema = z.object({
  type: z.string(),
  uuid: text,
  parentUuid: text,
  logicalParentUuid: text,
  timestamp: z.unknown().optional(),
  cwd: text,
  agentId: text,
  isSidechain: flag,
  isMeta: flag,
  isCompactSummary: flag,
  isVisibleInTranscriptOnly: flag,
  isApiErrorMessage: flag,
  error: text,
  apiErrorStatus: z.number().optional().catch(undefined),
  message: z.unknown().optional(),
  toolUseResult: z.unknown().optional(),
  toolDenialKind: text,
  permissionDecision: z.object({ decision: z.string() }).optional().catch(undefined),
  origin: z.object({ kind: z.string() }).optional().catch(undefined),
  attachment: attachmentSchema.optional().catch(undefined),
  customTitle: text,
  aiTitle: text,
  summary: text,
});
type Line = z.infer<typeof lineSchema>;

/** A line with a place in the conversation. */
export interface StoredLine extends Omit<Line, 'uuid' | 'timestamp' | 'message'> {
  uuid: string;
  /** Milliseconds since the epoch. */
  at: number | undefined;
  /** The message as it is in the file, what we read of it, and its blocks. */
  raw: unknown;
  message: StoredMessage | undefined;
  blocks: StoredBlock[];
  /** The `tool_use` id of the subagent it belongs to. */
  agent?: string;
}

export interface Transcript {
  lines: StoredLine[];
  customTitle?: string;
  aiTitle?: string;
  summary?: string;
}

/** Takes one parsed line of the file; what is of no use to a person is left out. */
export function addLine(transcript: Transcript, value: unknown): void {
  const parsed = lineSchema.safeParse(value);
  if (!parsed.success) return;
  const { uuid, timestamp, message: raw, ...line } = parsed.data;
  if (line.type === 'custom-title' && line.customTitle !== undefined) transcript.customTitle = line.customTitle;
  if (line.type === 'ai-title' && line.aiTitle !== undefined) transcript.aiTitle = line.aiTitle;
  if (line.type === 'summary' && line.summary !== undefined) transcript.summary = line.summary;
  if (uuid === undefined) return;
  transcript.lines.push({ ...line, uuid, at: toTime(timestamp), ...toContent(line, raw) });
}

// Most of a transcript is what the CLI told the model about itself: only its place in the chain is kept.
function toContent(
  line: Pick<Line, 'type' | 'attachment'>,
  raw: unknown,
): Pick<StoredLine, 'raw' | 'message' | 'blocks' | 'attachment'> & Partial<StoredLine> {
  if (line.type === 'user' || line.type === 'assistant') {
    const message = toMessage(raw);
    return { raw, message, blocks: toBlocks(message?.content), attachment: undefined };
  }
  const isQueued = line.type === 'attachment' && line.attachment?.type === 'queued_command';
  const attachment = isQueued ? line.attachment : undefined;
  return { raw: undefined, message: undefined, blocks: [], toolUseResult: undefined, attachment };
}

const metaSchema = z.object({ toolUseId: z.string() });

/** The `tool_use` id that a subagent's `.meta.json` names. */
export function toMetaToolUseId(json: string): string | undefined {
  const parsed = parseJson(json);
  const meta = metaSchema.safeParse(parsed.ok ? parsed.value : undefined);
  return meta.success ? meta.data.toolUseId : undefined;
}
