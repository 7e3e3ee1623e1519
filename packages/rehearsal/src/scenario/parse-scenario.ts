import { AppError } from '@baton/protocol';
import { LineCounter, isNode, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import { scenarioSchema, type Scenario } from './scenario.ts';

export interface ParseOptions {
  /** Names the scenario when its text does not. */
  name?: string;
  /** Where the text is from, for messages. */
  source?: string;
}

/**
 * A scenario from YAML or JSON text.
 *
 * Throws `invalid-input` whose message and issues name the line and column of each mistake.
 */
export function parseScenario(text: string, options: ParseOptions = {}): Scenario {
  const source = options.source ?? options.name ?? 'scenario';
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const broken = document.errors[0];
  if (broken !== undefined)
    throw refuse(source, [{ path: at(lines, broken.pos[0]), message: toFirstLine(broken.message) }]);
  const parsed = scenarioSchema.safeParse(document.toJS());
  if (parsed.success) return { ...parsed.data, name: parsed.data.name ?? options.name ?? 'scenario' };
  throw refuse(
    source,
    parsed.error.issues.map((issue) => ({ path: at(lines, toOffset(document, issue)), message: toMessage(issue) })),
  );
}

function refuse(source: string, issues: { path: string; message: string }[]): AppError {
  const list = issues.map((issue) => `  ${issue.path}: ${issue.message}`).join('\n');
  return new AppError('invalid-input', `Cannot read the scenario "${source}":\n${list}`, { issues });
}

function at(lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset);
  return `line ${line}, column ${col}`;
}

// The deepest node of the path that the text has: a missing key points at the object it is missing from.
function toOffset(document: Document, issue: z.core.$ZodIssue): number {
  for (let length = issue.path.length; length >= 0; length -= 1) {
    const node = document.getIn(issue.path.slice(0, length), true);
    if (isNode(node) && node.range != null) return node.range[0];
  }
  return 0;
}

function toMessage(issue: z.core.$ZodIssue): string {
  const key = issue.path.filter((part) => typeof part === 'string').at(-1);
  return key === undefined ? issue.message : `${String(key)}: ${issue.message}`;
}

const toFirstLine = (message: string): string => (message.split('\n')[0] ?? message).replace(/ at line \d+.*$/, '');
