import { z } from 'zod';
import type { AgentModel } from '@baton/protocol';
import type { AppServer } from './app-server.ts';
import { toCommands } from './prompt-input.ts';
import type { Offer, Skill } from './state.ts';

const MAX_DESCRIPTION = 200;

const modelsSchema = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      displayName: z.string(),
      description: z.string().default(''),
      hidden: z.boolean().default(false),
      supportedReasoningEfforts: z.array(z.object({ reasoningEffort: z.string() })).default([]),
    }),
  ),
});

export function toModels(answer: unknown): AgentModel[] {
  const parsed = modelsSchema.safeParse(answer);
  if (!parsed.success) return [];
  return parsed.data.data
    .filter((model) => !model.hidden)
    .map(({ id, displayName, description, supportedReasoningEfforts }) => {
      const efforts = supportedReasoningEfforts.map((effort) => effort.reasoningEffort);
      return {
        id,
        title: displayName,
        ...(description === '' ? {} : { description }),
        ...(efforts.length === 0 ? {} : { efforts }),
      };
    });
}

const skillsSchema = z.object({
  data: z.array(
    z.object({
      skills: z.array(
        z.object({
          name: z.string(),
          description: z.string().default(''),
          shortDescription: z.string().optional(),
          path: z.string(),
          enabled: z.boolean().default(true),
        }),
      ),
    }),
  ),
});

export function toSkills(answer: unknown): Skill[] {
  const parsed = skillsSchema.safeParse(answer);
  if (!parsed.success) return [];
  return parsed.data.data
    .flatMap((entry) => entry.skills)
    .filter((skill) => skill.enabled)
    .map(({ name, description, shortDescription = description, path }) => {
      const short =
        shortDescription.length > MAX_DESCRIPTION
          ? `${shortDescription.slice(0, MAX_DESCRIPTION - 1)}…`
          : shortDescription;
      return { name, description: short, path };
    });
}

/** What Codex offers in a folder. What it does not tell is left out: a conversation works without. */
export async function loadOffer(
  server: AppServer,
  cwd: string,
): Promise<Pick<Offer, 'models' | 'skills' | 'commands'>> {
  const [models, skills] = await Promise.all([
    server.request('model/list', {}).then(toModels, () => []),
    server.request('skills/list', { cwds: [cwd] }).then(toSkills, () => []),
  ]);
  return { models, skills, commands: toCommands(skills) };
}
