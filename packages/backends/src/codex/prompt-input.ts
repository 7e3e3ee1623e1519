import type { InputPart } from '@baton/protocol';
import type { Skill } from './state.ts';

/** What Codex takes as input. */
export type CodexInput =
  | { type: 'text'; text: string; text_elements: [] }
  | { type: 'image'; url: string }
  | { type: 'skill'; name: string; path: string };

/** A prompt as Codex takes it, or the request that a slash command stands for. */
export type Request =
  | { type: 'prompt'; input: CodexInput[] }
  | { type: 'compact' }
  | { type: 'review'; target: ReviewTarget };

/** What is reviewed, in Codex's words. */
export type ReviewTarget =
  | { type: 'uncommittedChanges' }
  | { type: 'baseBranch'; branch: string }
  | { type: 'commit'; sha: string }
  | { type: 'custom'; instructions: string };

const COMMAND = /^\/([\w:-]+)(?:\s+([\s\S]*))?$/;

/** Whether it depends on the skills what these words stand for. */
export function isCommand(parts: readonly InputPart[]): boolean {
  return toCommand(parts) !== null;
}

function toCommand(parts: readonly InputPart[]): RegExpExecArray | null {
  const [first] = parts;
  return parts.length === 1 && first?.type === 'text' ? COMMAND.exec(first.text.trim()) : null;
}

/** Codex has no slash commands of its own: it would pass them to the model as words. */
export function toRequest(parts: readonly InputPart[], skills: readonly Skill[]): Request {
  const [, name, rest = ''] = toCommand(parts) ?? [];
  if (name === 'compact') return { type: 'compact' };
  if (name === 'review') return { type: 'review', target: toReviewTarget(rest.trim()) };
  const skill = skills.find((known) => known.name === name);
  if (skill === undefined) return { type: 'prompt', input: toInput(parts) };
  const words = rest.trim() === '' ? `Use the skill ${skill.name}.` : rest.trim();
  return { type: 'prompt', input: [toText(words), { type: 'skill', name: skill.name, path: skill.path }] };
}

function toReviewTarget(words: string): ReviewTarget {
  if (words === '') return { type: 'uncommittedChanges' };
  const [, branch, sha] = /^(?:branch\s+(\S+)|commit\s+([\da-f]{4,64}))$/i.exec(words) ?? [];
  if (branch !== undefined) return { type: 'baseBranch', branch };
  return sha === undefined ? { type: 'custom', instructions: words } : { type: 'commit', sha };
}

export function toInput(parts: readonly InputPart[]): CodexInput[] {
  return parts.map((part): CodexInput => {
    if (part.type === 'text') return toText(part.text);
    if (part.type === 'image') return { type: 'image', url: `data:${part.mediaType};base64,${part.data}` };
    return toText(`The user names this file: \`${part.path}\``);
  });
}

const toText = (text: string): CodexInput => ({ type: 'text', text, text_elements: [] });

/** The commands there are, as a person can type them. */
export function toCommands(skills: readonly Skill[]): { name: string; description: string; argumentHint?: string }[] {
  return [
    { name: 'compact', description: 'Sum up the conversation so far to make room' },
    {
      name: 'review',
      description: 'Review the uncommitted changes, those since a branch, a commit, or what you name',
      argumentHint: '[branch NAME | commit ID | what to look at]',
    },
    ...skills.map(({ name, description }) => ({ name, description, argumentHint: '[what to do]' })),
  ];
}
