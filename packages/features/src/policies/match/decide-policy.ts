import { assertNever, type PolicyRule } from '@baton/protocol';
import { isExactly, type Match, mayBe } from './command-pattern.ts';
import type { Facts } from './facts.ts';
import { matchesPath, matchesWord } from './glob.ts';
import type { SimpleCommand } from './shell-line.ts';

export interface Verdict {
  effect: PolicyRule['effect'];
  /** The rule that decided; absent: none did, and so it is asked. */
  ruleId?: string;
}

/**
 * What rules say of an action. The first that matches decides; where one that denies or asks might match and nobody can
 * tell, it is asked. Of a line with several commands each is judged by itself: one that is denied denies all, and all have to be allowed.
 */
export function decidePolicy(rules: readonly PolicyRule[], facts: Facts): Verdict {
  const { commands } = facts;
  if (typeof commands === 'string') return judge(rules, { ...facts, command: commands });
  const verdicts = commands.map((command) => judge(rules, { ...facts, command }));
  const deciding =
    verdicts.find(({ effect }) => effect === 'deny') ?? verdicts.find(({ effect }) => effect === 'ask') ?? verdicts[0];
  return deciding ?? { effect: 'ask' };
}

/** With one of its commands. */
interface Part extends Omit<Facts, 'commands'> {
  command: SimpleCommand | 'none' | 'unknown';
}

function judge(rules: readonly PolicyRule[], part: Part): Verdict {
  for (const rule of rules) {
    const match = matchRule(rule, part);
    if (match === 'no') continue;
    if (match === 'yes') return { effect: rule.effect, ruleId: rule.id };
    // What might be allowed may still be allowed for another reason; what might be denied is not let past.
    if (rule.effect !== 'allow') return { effect: 'ask', ruleId: rule.id };
  }
  return { effect: 'ask' };
}

type Condition = keyof PolicyRule['match'];
const RISKS = { low: 0, medium: 1, high: 2 };

function matchRule(rule: PolicyRule, part: Part): Match {
  let result: Match = 'yes';
  for (const name of Object.keys(rule.match) as Condition[]) {
    const match = matchCondition(rule, name, part);
    if (match === 'no') return 'no';
    if (match === 'maybe') result = 'maybe';
  }
  return result;
}

function matchCondition({ match, effect }: PolicyRule, name: Condition, part: Part): Match {
  switch (name) {
    case 'backend':
      return toMatch(match.backend === undefined || matchesWord(match.backend, part.backend));
    case 'tool':
      return toMatch(match.tool === undefined || matchesWord(match.tool, part.tool));
    case 'folder':
      return toMatch(
        match.folder === undefined || matchesPath(match.folder, { path: part.folder, folder: part.folder }),
      );
    case 'riskAtMost':
      return match.riskAtMost === undefined ? 'yes' : matchRisk(match.riskAtMost, part.risk);
    case 'command':
      return match.command === undefined ? 'yes' : matchCommand(match.command, effect, part.command);
    case 'path':
      return match.path === undefined ? 'yes' : matchPaths(match.path, effect, part);
    default:
      return assertNever(name);
  }
}

function matchRisk(most: keyof typeof RISKS, risk: Facts['risk']): Match {
  return risk === undefined ? 'maybe' : toMatch(RISKS[risk] <= RISKS[most]);
}

function matchCommand(pattern: string, effect: PolicyRule['effect'], command: Part['command']): Match {
  if (command === 'none') return 'no';
  if (command === 'unknown') return 'maybe';
  return effect === 'allow' ? toMatch(isExactly(pattern, command)) : mayBe(pattern, command);
}

function matchPaths(glob: string, effect: PolicyRule['effect'], { paths, folder }: Part): Match {
  if (paths === 'none') return 'no';
  if (paths === 'unknown') return 'maybe';
  const isMatch = (path: string): boolean => matchesPath(glob, { path, folder });
  return toMatch(effect === 'allow' ? paths.every(isMatch) : paths.some(isMatch));
}

function toMatch(matches: boolean): Match {
  return matches ? 'yes' : 'no';
}
