import type { AgentReport } from '@baton/core';
import { update } from '../agent/step.ts';
import { toEfforts } from './efforts.ts';
import type { Offer, Step } from './state.ts';
import { MODES } from './modes.ts';
import type { ForeignCommand, InitMessage, Initialized } from './wire.ts';

const MAX_DESCRIPTION = 200;

/** The agent said what it offers. */
export function applyInitialized(step: Step, initialized: Initialized): void {
  const models = initialized.models.map(
    ({ value, displayName, description, resolvedModel, supportedEffortLevels: efforts = [] }) => ({
      id: value,
      title: displayName ?? value,
      ...(description === undefined ? {} : { description }),
      ...(efforts.length === 0 ? {} : { efforts }),
      ...(resolvedModel === undefined ? {} : { resolved: resolvedModel }),
    }),
  );
  const { earlyInit } = step.state;
  const offer = { ...step.state.offer, models, commands: initialized.commands.map(toCommand) };
  const whole = earlyInit === undefined ? offer : addInit(offer, earlyInit);
  update(step, { offer: whole, isOfferDue: false, earlyInit: undefined });
  step.reports.push(toReady(step));
  if (earlyInit !== undefined) applyModel(step, earlyInit.model);
  applyMode(step, initialized.current_permission_mode ?? earlyInit?.permissionMode);
  tellUnknownEffort(step);
}

// It ignores a word that it does not know.
function tellUnknownEffort(step: Step): void {
  const { effort, offer } = step.state;
  if (effort === undefined || toEfforts(offer.models).includes(effort)) return;
  const text = `Claude Code does not know the effort "${effort}" and thinks as hard as it does by itself.`;
  step.reports.push({ type: 'notice.raised', level: 'warning', text });
}

/** Begins every turn, and tells what only then is known; repeated to Baton when it changed. */
export function applyInit(step: Step, init: InitMessage): void {
  const { offer, isOfferDue } = step.state;
  // Without the names that its models go by, none of it would be told rightly.
  if (isOfferDue) return update(step, { earlyInit: init, nativeId: init.session_id });
  const next = addInit(offer, init);
  const isSame = step.state.nativeId === init.session_id && JSON.stringify(next) === JSON.stringify(offer);
  update(step, { offer: next, nativeId: init.session_id });
  if (!isSame) step.reports.push(toReady(step));
  applyModel(step, init.model);
  applyMode(step, init.permissionMode);
}

function addInit(offer: Offer, init: InitMessage): Offer {
  // Commands that only work in the CLI's own terminal interface.
  const commands = offer.commands.filter((command) => !init.terminal_slash_commands.includes(command.name));
  return { ...offer, commands, tools: init.tools, mcpServers: init.mcp_servers };
}

export function applyCommands(step: Step, commands: readonly ForeignCommand[]): void {
  // All of them are about to be told.
  if (step.state.isOfferDue) return;
  update(step, { offer: { ...step.state.offer, commands: commands.map(toCommand) } });
  step.reports.push(toReady(step));
}

/** A mode the agent is in by itself, as after a plan was approved. */
export function applyMode(step: Step, mode: string | undefined): void {
  if (mode === undefined || mode === step.state.mode) return;
  update(step, { mode });
  step.reports.push({ type: 'session.configured', mode, by: 'agent' });
}

// The agent names a model in full; its user chose it by a short name, which stays as long as both mean the same.
function applyModel(step: Step, announced: string): void {
  const { model, offer } = step.state;
  const chosen = offer.models.find((known) => known.id === model);
  if (announced === model || isSameModel(announced, chosen?.resolved)) return;
  const named = offer.models.filter((known) => isSameModel(announced, known.resolved));
  const next = (named.find((known) => known.id !== 'default') ?? named[0])?.id ?? announced;
  if (next === model) return;
  update(step, { model: next });
  step.reports.push({ type: 'session.configured', model: next, by: 'agent' });
}

function isSameModel(one: string, other: string | undefined): boolean {
  return other !== undefined && one.replace(/\[1m\]$/, '') === other.replace(/\[1m\]$/, '');
}

function toReady(step: Step): AgentReport {
  const { models, commands, tools, mcpServers } = step.state.offer;
  return {
    type: 'agent.ready',
    models: models.map(({ resolved: _, ...model }) => model),
    modes: [...MODES],
    commands: [...commands],
    tools: [...tools],
    mcpServers: [...mcpServers],
    nativeId: step.state.nativeId,
  };
}

function toCommand({ name, description = '', argumentHint }: ForeignCommand) {
  const short = description.length > MAX_DESCRIPTION ? `${description.slice(0, MAX_DESCRIPTION - 1)}…` : description;
  const hint = Array.isArray(argumentHint) ? argumentHint.join(' ') : (argumentHint ?? '');
  return { name, description: short, ...(hint === '' ? {} : { argumentHint: hint }) };
}
