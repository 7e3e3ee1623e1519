import { matchesPattern, type Scenario } from '../scenario/scenario.ts';
import { toExchanges, type Conversation } from './conversation.ts';
import { withoutScene } from './select-turn.ts';

const CHORE = /\b(title|summar(y|ise|ize)|topic|quota|branch name)\b/i;

/** A request beside the conversation: agents ask for titles, topics and summaries, and offer no tools then. */
export function isAside(conversation: Conversation): boolean {
  if (conversation.aside !== undefined) return true;
  if (conversation.tools.length > 0) return false;
  return conversation.userAgent.startsWith('claude-cli/') || CHORE.test(conversation.system);
}

/** What a chore gets: the scenario's own word for it, else something fit for titles and summaries. */
export function answerAside(conversation: Conversation, scenario: Scenario): string {
  if (conversation.aside !== undefined) return conversation.aside;
  const prompts = toExchanges(conversation.messages).map((exchange) => withoutScene(exchange.prompt));
  const asked = `${conversation.system}\n${prompts.at(-1) ?? ''}`;
  const scripted = scenario.side.find((side) => matchesPattern(side.when, asked));
  if (scripted !== undefined) return scripted.say;
  if (/summar/i.test(asked))
    return `Summary of the conversation so far: ${prompts.slice(0, -1).join('; ') || 'nothing yet'}.`;
  if (/json/i.test(conversation.system) || conversation.userAgent.startsWith('claude-cli/'))
    return JSON.stringify({ title: scenario.title });
  return scenario.title;
}
