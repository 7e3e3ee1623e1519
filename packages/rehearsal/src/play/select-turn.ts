import { matchesPattern, type Scenario, type ScriptedTurn } from '../scenario/scenario.ts';
import { toExchanges, type Conversation, type Exchange } from './conversation.ts';

/** The scenarios a server can play, by name; the one it was started with is used when nobody asks for another. */
export interface Repertoire {
  main: Scenario;
  find(name: string): Scenario | undefined;
}

export interface SelectedTurn {
  scenario: Scenario;
  turn: ScriptedTurn;
  exchange: Exchange;
  /** Position of the prompt in the conversation, 0 for the first. */
  index: number;
}

const MARKER = /\[scene ([a-z0-9-]+)\]/g;

/** The scene a text asks for: the last `[scene name]` in it. */
export function toScene(text: string): string | undefined {
  return [...text.matchAll(MARKER)].at(-1)?.[1];
}

/** The words of a prompt without its markers. */
export function withoutScene(text: string): string {
  return text.replace(MARKER, '').trim();
}

/**
 * What plays for the last prompt of a conversation.
 *
 * The scenario is the one of the last `[scene name]` marker up to there, else of a model called `rehearsal:name`, else
 * the server's own. In it the first turn whose `when` matches plays; without one, the turns that have no `when` play one
 * after another, counted over the prompts of that scene that matched nothing; the last of them repeats.
 */
export function selectTurn(repertoire: Repertoire, conversation: Conversation): SelectedTurn | undefined {
  const exchanges = toExchanges(conversation.messages);
  const index = exchanges.length - 1;
  const exchange = exchanges[index];
  if (exchange === undefined) return undefined;
  const scenes = toScenes(repertoire, conversation, exchanges);
  const scenario = scenes[index] ?? repertoire.main;
  const matched = findMatch(scenario, exchange);
  if (matched !== undefined) return { scenario, turn: matched, exchange, index };
  const inOrder = scenario.turns.filter((turn) => turn.when === undefined);
  const before = exchanges
    .slice(0, index)
    .filter((past, at) => scenes[at] === scenario && findMatch(scenario, past) === undefined);
  const turn = inOrder[Math.min(before.length, inOrder.length - 1)];
  return turn === undefined ? undefined : { scenario, turn, exchange, index };
}

function toScenes(repertoire: Repertoire, conversation: Conversation, exchanges: readonly Exchange[]): Scenario[] {
  const byModel = /^rehearsal:(.+)$/.exec(conversation.model)?.[1];
  let current = (byModel === undefined ? undefined : repertoire.find(byModel)) ?? repertoire.main;
  return exchanges.map((exchange) => {
    const name = toScene(exchange.prompt);
    current = (name === undefined ? undefined : repertoire.find(name)) ?? current;
    return current;
  });
}

function findMatch(scenario: Scenario, exchange: Exchange): ScriptedTurn | undefined {
  const prompt = withoutScene(exchange.prompt);
  return scenario.turns.find((turn) => turn.when !== undefined && matchesPattern(turn.when, prompt));
}
