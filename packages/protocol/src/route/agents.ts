import { z } from 'zod';
import { configuredAgentChangeSchema, configuredAgentSchema, configuredAgentViewSchema } from '../configured-agent.ts';
import { folderDefaultsSchema } from '../folder-default.ts';
import { defineRoute } from './route.ts';

const byId = z.object({ id: z.string().min(1).max(64) });

export const listAgents = defineRoute({
  method: 'GET',
  path: '/agents',
  summary: 'The ACP agents that were added by configuration; of their variables only the names',
  status: 200,
  response: z.object({
    items: z.array(configuredAgentViewSchema),
    /** Where the settings file is, to be edited by hand. */
    file: z.string(),
    /** What is wrong in the settings file, and where; what can be read of it holds. */
    problem: z.string().optional(),
  }),
});

export const createAgent = defineRoute({
  method: 'POST',
  path: '/agents',
  summary: 'Add an ACP agent; one whose program is not there is taken, and its backend says what is missing',
  body: configuredAgentSchema,
  status: 201,
  response: configuredAgentViewSchema,
});

export const updateAgent = defineRoute({
  method: 'PUT',
  path: '/agents/:id',
  summary: 'Replace the configuration of an added agent; a variable whose value is null keeps it',
  params: byId,
  body: configuredAgentChangeSchema,
  status: 200,
  response: configuredAgentViewSchema,
});

export const deleteAgent = defineRoute({
  method: 'DELETE',
  path: '/agents/:id',
  summary: 'Remove an added agent; its sessions stay and can be read',
  params: byId,
  status: 204,
});

export const INSTALL_STATES = ['running', 'succeeded', 'failed', 'cancelled'] as const;
/** One run of npm for an agent. */
export const agentInstallSchema = z.object({
  backend: z.string(),
  state: z.enum(INSTALL_STATES),
  /** With its version, as npm was told. */
  package: z.string(),
  /** What npm said, oldest first; of much only the end. */
  lines: z.array(z.string()),
  /** Lines so far, those that are not kept included: give it as `after` to get only what came since. */
  seq: z.int().nonnegative(),
  /** Why it failed and what to do. */
  failure: z.string().optional(),
});
export type AgentInstall = z.infer<typeof agentInstallSchema>;

export const installBackend = defineRoute({
  method: 'POST',
  path: '/backends/:id/install',
  summary: "Install or update the agent with npm, into Baton's own data folder",
  params: byId,
  body: z.strictObject({ version: z.enum(['tested', 'latest']).default('tested') }).prefault({}),
  status: 202,
  response: agentInstallSchema,
});

export const getInstall = defineRoute({
  method: 'GET',
  path: '/backends/:id/install',
  summary: 'How the last installation goes; with Accept: text/event-stream each line as it comes',
  params: byId,
  query: z.object({ after: z.coerce.number().int().nonnegative().default(0) }),
  status: 200,
  response: agentInstallSchema,
});

export const listInstalls = defineRoute({
  method: 'GET',
  path: '/installs',
  summary: 'The last installation of each agent since the server started, for a page that comes while one runs',
  status: 200,
  response: z.object({ items: z.array(agentInstallSchema) }),
});

export const cancelInstall = defineRoute({
  method: 'DELETE',
  path: '/backends/:id/install',
  summary: 'End the running installation',
  params: byId,
  status: 204,
});

export const agentTestSchema = z.object({
  ok: z.boolean(),
  ms: z.int().nonnegative(),
  /** What the agent answered. */
  said: z.string().optional(),
  failure: z
    .object({
      message: z.string(),
      /** The last lines that the program wrote. */
      lines: z.array(z.string()),
    })
    .optional(),
});
export type AgentTest = z.infer<typeof agentTestSchema>;

export const testBackend = defineRoute({
  method: 'POST',
  path: '/backends/:id/test',
  summary: 'One turn of the real program against a scripted model on this machine: free, offline, in an empty folder',
  params: byId,
  status: 200,
  response: agentTestSchema,
});

export const getFolderDefaults = defineRoute({
  method: 'GET',
  path: '/folders/defaults',
  summary: 'What new sessions begin with, by folder; the nearest folder above counts',
  status: 200,
  response: z.object({ items: folderDefaultsSchema }),
});

export const putFolderDefaults = defineRoute({
  method: 'PUT',
  path: '/folders/defaults',
  summary: 'Replace them all',
  body: z.strictObject({ items: folderDefaultsSchema }),
  status: 200,
  response: z.object({ items: folderDefaultsSchema }),
});
