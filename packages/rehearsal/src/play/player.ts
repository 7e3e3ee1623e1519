import { randomUUID } from 'node:crypto';
import type { ScriptedText, Step, StepOf } from '../scenario/step.ts';
import { LOOKUP_TOOL, type Conversation } from './conversation.ts';
import { fillTemplate, fillValue, lacksVariable, type Variables } from './fill-template.ts';
import { isCallTo, mapCall, toToolbox } from './map-call.ts';
import type { Beat, Reply, ReplyUsage, StopReason } from './reply.ts';
import { selectTurn, withoutScene, type Repertoire, type SelectedTurn } from './select-turn.ts';
import { answerAside, isAside } from './side-request.ts';
import { unroll, type Round } from './unroll.ts';

/** A reply with where in the script it came from. */
export interface Performance {
  reply: Reply;
  kind: 'main' | 'side';
  scenario: string;
  prompt: string;
  /** 0 for the first prompt of the conversation. */
  turn: number;
  /** How many replies the prompt had before this one. */
  round: number;
}

export interface Player {
  play(conversation: Conversation): Performance;
}

const USAGE: ReplyUsage = { input: 1000, output: 20, cacheRead: 100, cacheWrite: 50 };

/** Plays the repertoire. Keeps nothing of a conversation but how often an error with `times` was given. */
export function createPlayer(repertoire: Repertoire): Player {
  const failures = new Map<string, number>();

  function play(conversation: Conversation): Performance {
    const selected = selectTurn(repertoire, conversation);
    const prompt = selected?.exchange.prompt ?? '';
    if (selected === undefined || isAside(conversation)) {
      const scenario = selected?.scenario ?? repertoire.main;
      const reply = toSay(answerAside(conversation, scenario));
      return { reply, kind: 'side', scenario: scenario.name, prompt, turn: selected?.index ?? 0, round: 0 };
    }
    const round = selected.exchange.rounds.length;
    const reply =
      conversation.due === undefined ? toReply({ conversation, selected, failures }) : toCall(conversation.due);
    return { reply, kind: 'main', scenario: selected.scenario.name, prompt, turn: selected.index, round };
  }

  return { play };
}

function toSay(text: string): Reply {
  return { beats: [{ type: 'text', pieces: [text], pace: 0 }], stop: 'end_turn', usage: USAGE };
}

function toCall(call: NonNullable<Conversation['due']>): Reply {
  return { beats: [{ type: 'call', id: toCallId(), ...call }], stop: 'tool_use', usage: USAGE };
}

interface Scene {
  conversation: Conversation;
  selected: SelectedTurn;
  failures: Map<string, number>;
}

function toReply(scene: Scene): Reply {
  const { conversation, selected } = scene;
  const variables = { ...toVariables(scene), result: '', round: '' };
  const round = unroll(selected.turn.steps, {
    rounds: selected.exchange.rounds,
    hasTool: (step) => toCalls(step, conversation, variables).length > 0,
    wasMade: (step, { calls }) => step.value.some((call) => isCallTo(call, calls)),
  });
  const filled = {
    ...variables,
    result: round.results.map((entry) => entry.text).join('\n'),
    round: String(round.loop),
  };
  return assemble(round, scene, filled);
}

function assemble(round: Round, scene: Scene, variables: Variables): Reply {
  const beats: Beat[] = [];
  let usage = USAGE;
  let stop: StopReason | undefined;
  for (const [at, step] of round.steps.entries()) {
    if (step.verb === 'usage') usage = { ...usage, ...definedOnly(step.value) };
    else if (step.verb === 'stop') stop = step.value;
    else beats.push(...toBeats(step, { scene, variables, at }));
  }
  // A tool that must be fetched first: the reply is said once it is there.
  const lookup = beats.find((beat) => beat.type === 'call' && beat.name === LOOKUP_TOOL);
  if (lookup !== undefined) return { beats: [lookup], stop: 'tool_use', usage };
  return { beats, stop: stop ?? (beats.some((beat) => beat.type === 'call') ? 'tool_use' : 'end_turn'), usage };
}

interface Place {
  scene: Scene;
  variables: Variables;
  at: number;
}

function toBeats(step: Step, place: Place): Beat[] {
  switch (step.verb) {
    case 'say':
      return [toText('text', step.value, place)];
    case 'think':
      return [toText('thinking', step.value, place)];
    case 'call':
      return toCalls(step, place.scene.conversation, place.variables);
    case 'error':
    case 'errorOnce':
      return toError(step, place);
    case 'delay':
      return [{ type: 'delay', ms: step.value }];
    case 'hang':
    case 'drop':
      return [{ type: step.verb, place: step.value }];
    case 'malformed':
      return [{ type: 'malformed', how: step.value }];
    default:
      return [];
  }
}

function toError(step: StepOf<'error' | 'errorOnce'>, { scene, at }: Place): Beat[] {
  const times = step.verb === 'errorOnce' ? (step.value.times ?? 1) : step.value.times;
  if (times === undefined) return [{ type: 'error', error: step.value }];
  const { conversation, selected, failures } = scene;
  const key = JSON.stringify([
    conversation.sessionKey,
    selected.scenario.name,
    selected.index,
    selected.exchange.prompt,
    selected.exchange.rounds.length,
    at,
  ]);
  const count = failures.get(key) ?? 0;
  failures.set(key, count + 1);
  return count < times ? [{ type: 'error', error: step.value }] : [];
}

function toText(type: 'text' | 'thinking', value: ScriptedText, { scene, variables }: Place): Beat {
  const text = fillTemplate(value.text, variables);
  return { type, pieces: toPieces(text, value), pace: value.pace ?? scene.selected.scenario.pace };
}

const CUTS = { word: /(?<=\s)(?=\S)/, letter: /(?=[^])/u, line: /(?<=\n)/, whole: /(?!)/ } as const;

// Iterated once per reply; a text that is said a million times is never held whole.
function* toPieces(text: string, { by = 'word', repeat = 1 }: ScriptedText): Generator<string> {
  const pieces = text.split(CUTS[by]);
  for (let times = 0; times < repeat; times += 1) yield* pieces;
}

function toCalls(step: StepOf<'call'>, conversation: Conversation, variables: Variables): Beat[] {
  return step.value
    .filter((call) => !lacksVariable(call.input, variables))
    .map((call) =>
      mapCall(
        { tool: call.tool, input: toInput(call.input, variables) },
        { ...toToolbox(conversation), cwd: variables['cwd'] },
      ),
    )
    .filter((call) => call !== undefined)
    .map((call) => ({ type: 'call' as const, id: toCallId(), ...call }));
}

const toCallId = (): string => `toolu_${randomUUID().replaceAll('-', '').slice(0, 24)}`;

// Some agents only take absolute paths; the folder is known from what they tell the model.
function toInput(input: Readonly<Record<string, unknown>>, variables: Variables): Record<string, unknown> {
  const filled = Object.fromEntries(Object.entries(input).map(([key, value]) => [key, fillValue(value, variables)]));
  const { path } = filled;
  if (typeof path !== 'string' || path.startsWith('/') || variables['cwd'] === undefined) return filled;
  return { ...filled, path: path === '.' ? variables['cwd'] : `${variables['cwd']}/${path}` };
}

const CWD = /(?:working (?:in the )?directory|working folder|cwd)[^:\n]{0,40}:\s*`?(\/[^\n`]*?)`?\s*$/im;
const PLAN_FILE = /(\/[^\s`'"]*\/plans\/[^\s`'"]+\.md)/;

function toVariables({ conversation, selected }: Scene): Variables {
  const texts = [conversation.system, ...conversation.messages.map((message) => message.text)];
  const find = (pattern: RegExp) => texts.map((text) => pattern.exec(text)?.[1]).find((found) => found !== undefined);
  return {
    prompt: withoutScene(selected.exchange.prompt),
    turn: String(selected.index + 1),
    cwd: find(CWD),
    planFile: find(PLAN_FILE),
    model: conversation.model,
    images:
      selected.exchange.images.map((image) => `${image.mediaType} (${image.size} characters)`).join(', ') || 'no image',
    imageCount: String(selected.exchange.images.length),
  };
}

function definedOnly<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
