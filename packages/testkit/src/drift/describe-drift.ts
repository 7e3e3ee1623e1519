import { type Comparison, type SchemaIn, compareSchemas, listKinds } from './compare-schemas.ts';

/** One kind of message, or one answer. */
export interface DriftSubject {
  title: string;
  reader: SchemaIn;
  writer: SchemaIn;
  /** The property by which messages of several kinds are told apart. */
  kind?: string;
  /** Kinds that are known and deliberately not read. */
  isSilent?(kind: string): boolean;
}

/**
 * What of a published interface is read, and how it is published: a text to keep beside the reader, so that a new version of
 * the writer shows as a difference in it.
 */
export function describeDrift(subjects: readonly DriftSubject[]): string {
  return `${subjects.map(toChapter).join('\n\n')}\n`;
}

function toChapter(subject: DriftSubject): string {
  const { title, reader, writer, kind, isSilent = () => false } = subject;
  const compared: Comparison = compareSchemas(reader, writer);
  const known = kind === undefined ? [] : listKinds(reader, kind);
  const kinds = kind === undefined ? [] : listKinds(writer, kind);
  const others = kinds.filter((each) => !known.includes(each));
  return [
    `# ${title}`,
    ...toSection('Read, and not published so', compared.faults),
    ...toSection(
      'Published, and not known',
      others.filter((each) => !isSilent(each)),
    ),
    ...toSection('Published, known, and not read', others.filter(isSilent)),
    ...toSection('Read, as published', compared.read),
  ].join('\n');
}

function toSection(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `## ${title}`, '', ...lines];
}
