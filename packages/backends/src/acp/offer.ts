import type { AgentMode, AgentModel } from '@baton/protocol';
import { update } from '../agent/step.ts';
import { CHOSEN, type Chosen, type Offer, type Step } from './state.ts';
import type { ConfigOption, SessionResult } from './wire.ts';

const MAX_DESCRIPTION = 200;

/** The conversation is open, and the agent said what it offers in it. */
export function applySession(step: Step, session: SessionResult, nativeId: string): void {
  const { modes, models } = session;
  const offer: Offer = {
    ...step.state.offer,
    modes: (modes?.availableModes ?? []).map(toMode),
    models: (models?.availableModels ?? []).map(({ modelId, name, description }) =>
      toMode({ id: modelId, name, description }),
    ),
  };
  update(step, { nativeId, offer, hasModes: modes != null, hasLegacyModels: models != null });
  applyConfigOptions(step, session.configOptions ?? []);
  reportReady(step);
  if (modes != null) applyCurrent(step, { mode: modes.currentModeId });
  if (models != null && find(step.state.config, 'model') === undefined)
    applyCurrent(step, { model: models.currentModelId });
}

/** Options replace modes and models where an agent has both. The whole list comes each time. */
export function applyConfig(step: Step, options: readonly ConfigOption[]): void {
  const before = JSON.stringify(step.state.offer);
  applyConfigOptions(step, options);
  if (JSON.stringify(step.state.offer) !== before) reportReady(step);
}

function applyConfigOptions(step: Step, options: readonly ConfigOption[]): void {
  update(step, { config: options });
  const [model, mode, effort] = [find(options, 'model'), find(options, 'mode'), find(options, 'thought_level')];
  const { offer } = step.state;
  const models = model === undefined ? offer.models : toModels(model, effort);
  const modes = mode === undefined ? offer.modes : toChoices(mode);
  update(step, { offer: { ...offer, models, modes } });
  applyCurrent(step, { model: toCurrent(model), mode: toCurrent(mode), effort: toCurrent(effort) });
}

export type Category = 'model' | 'mode' | 'thought_level';

/** The option by which something is chosen. */
export function find(options: readonly ConfigOption[], category: Category): ConfigOption | undefined {
  return options.find((option) => option.category === category && typeof option.currentValue === 'string');
}

const toCurrent = (option: ConfigOption | undefined): string | undefined =>
  typeof option?.currentValue === 'string' ? option.currentValue : undefined;

// Efforts are told for the model that is chosen, and again when another is.
function toModels(model: ConfigOption, effort: ConfigOption | undefined): AgentModel[] {
  const efforts = effort?.options.map(({ value }) => value) ?? [];
  return toChoices(model).map((choice) =>
    choice.id === model.currentValue && efforts.length > 0 ? { ...choice, efforts } : choice,
  );
}

const toChoices = ({ options }: ConfigOption): AgentMode[] =>
  options.map(({ value, name, description }) => toMode({ id: value, name, description }));

function toMode({ id, name, description }: { id: string; name: string; description?: string | null | undefined }) {
  return { id, title: name, ...(description == null || description === '' ? {} : { description: cut(description) }) };
}

const cut = (text: string): string => (text.length > MAX_DESCRIPTION ? `${text.slice(0, MAX_DESCRIPTION - 1)}…` : text);

/** What is chosen now, as the agent says; told when it is news. */
export function applyCurrent(
  step: Step,
  said: { model?: string | undefined; mode?: string | undefined; effort?: string | undefined },
): void {
  const { choosing } = step.state;
  const changed = CHOSEN.filter((what) => said[what] !== undefined && said[what] !== step.state[what]);
  const pick = (whats: readonly Chosen[]) => Object.fromEntries(whats.map((what) => [what, said[what]]));
  update(step, pick(changed));
  const news = changed.filter((what) => !choosing.includes(what));
  if (news.length > 0) step.reports.push({ type: 'session.configured', ...pick(news), by: 'agent' });
}

export interface ForeignCommand {
  name: string;
  description: string;
  input?: { hint?: string | null | undefined } | null | undefined;
}

export function applyCommands(step: Step, commands: readonly ForeignCommand[]): void {
  const known = commands.map(({ name, description, input }) => ({
    name,
    description: cut(description),
    ...(input?.hint == null || input.hint === '' ? {} : { argumentHint: input.hint }),
  }));
  const isSame = JSON.stringify(known) === JSON.stringify(step.state.offer.commands);
  update(step, { offer: { ...step.state.offer, commands: known } });
  // Some agents tell their commands before they have told the conversation.
  if (!isSame && step.state.nativeId !== '') reportReady(step);
}

function reportReady(step: Step): void {
  const { offer, nativeId } = step.state;
  const { models, modes, commands } = offer;
  const lists = { models: [...models], modes: [...modes], commands: [...commands] };
  step.reports.push({ type: 'agent.ready', ...lists, tools: [], mcpServers: [], nativeId });
}
