import type { ToolCallItem, ToolOutput } from '@baton/protocol';
import { ZoomImage } from '../../ui/zoom-image.tsx';
import { toLanguageOfPath } from '../code/languages.ts';
import { DiffView } from '../diff/diff-view.tsx';
import { Markdown } from '../markdown/markdown.tsx';
import { toSafeImage } from '../markdown/safe-url.ts';
import { TerminalOutput } from './terminal-output.tsx';
import { TextOutput } from './text-output.tsx';
import { toDetail, toNumberedText, type ToolDetail } from './tool-content.ts';
import { toShortPath } from './short-path.ts';

export interface ToolBodyProps {
  call: ToolCallItem;
  liveOutput: string | undefined;
  cwd: string;
}

/** What an open call shows: what it was given, then what came of it. */
export function ToolBody({ call, liveOutput, cwd }: ToolBodyProps) {
  const detail = toDetail(call);
  const parts = call.output ?? [];
  if (call.kind === 'execute') return <Body>{toExecution(call, detail, liveOutput)}</Body>;
  return (
    <Body>
      {detail !== undefined && <Detail detail={detail} />}
      {liveOutput !== undefined && liveOutput !== '' && <TerminalOutput text={liveOutput} live />}
      {parts.map((part, index) => (
        <OutputPart key={index} part={part} call={call} cwd={cwd} />
      ))}
    </Body>
  );
}

function Body({ children }: { children: React.ReactNode }) {
  return <div className="mt-1 mb-2 flex min-w-0 flex-col gap-2 wide:ml-6">{children}</div>;
}

// A command stands in one frame with what it printed.
function toExecution(call: ToolCallItem, detail: ToolDetail | undefined, liveOutput: string | undefined) {
  const command = detail?.text;
  const parts = call.output ?? [];
  if (liveOutput !== undefined && liveOutput !== '') return <TerminalOutput command={command} text={liveOutput} live />;
  const texts = parts.flatMap((part) => (part.type === 'terminal' || part.type === 'text' ? [part] : []));
  const cut = texts.reduce((sum, part) => sum + (part.cut ?? 0), 0);
  return (
    <>
      <TerminalOutput command={command} text={texts.map((part) => part.text).join('\n')} cut={cut} />
      {parts.map((part, index) =>
        part.type === 'terminal' || part.type === 'text' ? null : (
          <OutputPart key={index} part={part} call={call} cwd="" />
        ),
      )}
    </>
  );
}

function Detail({ detail }: { detail: ToolDetail }) {
  if (detail.type === 'json') return <TextOutput text={detail.text} language="json" />;
  if (detail.type === 'command') return <TerminalOutput command={detail.text} text="" />;
  return <Markdown text={detail.text} className="border-l-2 border-line pl-3 text-ink-2" />;
}

function OutputPart({ part, call, cwd }: { part: ToolOutput; call: ToolCallItem; cwd: string }) {
  switch (part.type) {
    case 'diff':
      return <DiffView path={toShortPath(part.path, cwd)} patch={part.patch} cut={part.cut} />;
    case 'terminal':
      return <TerminalOutput text={part.text} cut={part.cut} />;
    case 'image':
      return <OutputImage part={part} />;
    case 'text':
      return part.text.trim() === '' ? null : <OutputText part={part} call={call} />;
  }
}

function OutputText({ part, call }: { part: Extract<ToolOutput, { type: 'text' }>; call: ToolCallItem }) {
  const isProse = call.kind === 'subagent' || (call.kind === 'fetch' && call.status === 'completed');
  if (isProse) return <Markdown text={part.text} />;
  if (call.kind !== 'read' || call.status === 'failed') return <TextOutput text={part.text} cut={part.cut} />;
  const numbered = toNumberedText(part.text);
  return (
    <TextOutput
      text={numbered?.text ?? part.text}
      firstLine={numbered?.firstLine}
      language={toLanguageOfPath(call.locations?.[0]?.path ?? '')}
      cut={part.cut}
    />
  );
}

function OutputImage({ part }: { part: Extract<ToolOutput, { type: 'image' }> }) {
  const src = toSafeImage(`data:${part.mediaType};base64,${part.data}`);
  if (src === undefined) return <p className="text-sm text-ink-3">An image of a kind that is not shown.</p>;
  return (
    <div className="flex">
      <ZoomImage src={src} alt="What the tool gave" className="max-h-96 max-w-full rounded-md border border-line" />
    </div>
  );
}
