import type { EventOf, SessionEvent } from '@baton/protocol';
import type { OpenSession } from './state.ts';

type Offer = EventOf<'agent.ready'>;

/** More than any agent has, and less than what makes a session slow to open. */
const MOST_ENTRIES = 1000;
const MOST_EFFORTS = 50;
/** What is longer is no id: it is left out, because a part of it would name nothing. */
const LONGEST_ID = 1000;
const LONGEST_TITLE = 300;
const LONGEST_DESCRIPTION = 2000;

/** The offer as far as it can be shown, and once in a session, what of it was left out. */
export function decideOffer(state: OpenSession, report: Offer): SessionEvent[] {
  const models = pick(report.models, ({ id }) => id);
  const modes = pick(report.modes, ({ id }) => id);
  const commands = pick(report.commands, ({ name }) => name);
  const tools = pick(report.tools, (name) => name);
  const servers = pick(report.mcpServers, ({ name }) => name);
  const offer: Offer = {
    ...report,
    models: models.kept.map(({ efforts, ...model }) => ({
      ...shorten(model),
      ...(efforts === undefined ? {} : { efforts: pick(efforts, (effort) => effort).kept.slice(0, MOST_EFFORTS) }),
    })),
    modes: modes.kept.map(shorten),
    commands: commands.kept.map((command) => ({
      ...command,
      description: command.description.slice(0, LONGEST_DESCRIPTION),
      ...(command.argumentHint === undefined ? {} : { argumentHint: command.argumentHint.slice(0, LONGEST_TITLE) }),
    })),
    tools: tools.kept,
    mcpServers: servers.kept.map(({ name, status }) => ({ name, status: status.slice(0, LONGEST_TITLE) })),
  };
  const counts = { models, modes, commands, tools, 'MCP servers': servers };
  const shortened = Object.entries(counts).filter(([, { left }]) => left > 0);
  if (shortened.length === 0 || state.offer !== undefined) return [offer];
  const what = shortened.map(([name, { left }]) => `${name}: ${left}`).join(', ');
  const text = `The agent offers more than can be listed. Left out are ${what}`;
  return [offer, { type: 'notice.raised', level: 'warning', text }];
}

function pick<T>(all: readonly T[], toId: (each: T) => string): { kept: T[]; left: number } {
  const kept = all.filter((each) => toId(each).length <= LONGEST_ID).slice(0, MOST_ENTRIES);
  return { kept, left: all.length - kept.length };
}

function shorten<T extends { title: string; description?: string | undefined }>(entry: T): T {
  const { title, description } = entry;
  const shorter = { ...entry, title: title.slice(0, LONGEST_TITLE) };
  return description === undefined ? shorter : { ...shorter, description: description.slice(0, LONGEST_DESCRIPTION) };
}
