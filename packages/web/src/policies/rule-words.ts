import type { PolicyRule } from '@baton/protocol';
import { toAgentTitle } from '../sessions/agent-title.ts';
import { toShortPath } from '../sessions/folder-name.ts';

/** A piece of a sentence; `code` stands in mono. */
export interface RuleWord {
  readonly text: string;
  readonly code: boolean;
}

const EFFECTS: Record<PolicyRule['effect'], string> = { allow: 'Allow', ask: 'Ask about', deny: 'Deny' };

/** A rule as a sentence: "Allow `npm test` in `~/work/app` when risk is low". */
export function toRuleWords({ effect, match }: Pick<PolicyRule, 'effect' | 'match'>): RuleWord[] {
  const { backend, folder } = match;
  return [
    say(EFFECTS[effect]),
    ...toObject(match),
    ...(backend === undefined ? [] : toAgent(backend)),
    ...(folder === undefined ? [] : [say('in'), code(toShortPath(folder))]),
    ...toRisk(match.riskAtMost),
  ];
}

/** The same sentence as plain text, for names and messages. */
export function toRuleText(rule: Pick<PolicyRule, 'effect' | 'match'>): string {
  return toRuleWords(rule)
    .map(({ text, code: isCode }) => (isCode ? `“${text}”` : text))
    .join(' ');
}

function toObject({ command, path, tool }: PolicyRule['match']): RuleWord[] {
  const through = tool === undefined ? [] : [say('through'), code(tool)];
  const on = path === undefined ? [] : [say('on'), code(path)];
  if (command !== undefined) return [code(command), ...on, ...through];
  if (path !== undefined) return [say('access to'), code(path), ...through];
  return tool === undefined ? [say('everything')] : [say('the tool'), code(tool)];
}

function toAgent(backend: string): RuleWord[] {
  return [say('by'), /[*?]/.test(backend) ? code(backend) : say(toAgentTitle(backend))];
}

function toRisk(most: PolicyRule['match']['riskAtMost']): RuleWord[] {
  if (most === undefined) return [];
  return [
    say(most === 'low' ? 'when risk is low' : most === 'medium' ? 'when risk is at most medium' : 'at any known risk'),
  ];
}

function say(text: string): RuleWord {
  return { text, code: false };
}

function code(text: string): RuleWord {
  return { text, code: true };
}
