import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type AgentModel, type BackendView, parseJson, toAppError } from '@baton/protocol';
import { z } from 'zod';
import { readSetup, toUserHome } from './home.ts';
import { toProvider } from './launch.ts';
import { MODES } from './modes.ts';
import { LOOK_MS, type Located } from '../agent/read-version.ts';
import { locateCodex } from './program.ts';

const run = promisify(execFile);

const CAPABILITIES: BackendView['capabilities'] = [
  ...(['approvals', 'questions', 'images', 'interrupt', 'resume', 'fork', 'rewind', 'steer'] as const),
  ...(['live-model', 'live-mode', 'live-effort', 'commands', 'subagents', 'reasoning'] as const),
];

/** Looks for the CLI and asks whether it is signed in. Starts no session; never throws. */
export async function probeCodex(view: {
  id: string;
  title: string;
  setting: string | undefined;
  env: Readonly<Record<string, string>>;
}): Promise<BackendView> {
  const { id, title, setting, env } = view;
  const base = { id, title, capabilities: [...CAPABILITIES], modes: [...MODES] };
  try {
    const located = await locateCodex(setting, env);
    const [authenticated, models] = await Promise.all([readAuthentication(located, env), readCatalogue(located, env)]);
    const how = 'Run "codex login" in a terminal, or set OPENAI_API_KEY, and look again';
    const problem = authenticated === 'no' ? { problem: `Codex is not signed in. ${how}` } : {};
    return {
      ...base,
      models,
      installed: true,
      version: located.version,
      path: located.path,
      authenticated,
      ...problem,
    };
  } catch (error) {
    return { ...base, models: [], installed: false, authenticated: 'unknown', problem: toAppError(error).message };
  }
}

const catalogueSchema = z.object({
  models: z.array(
    z.object({
      slug: z.string(),
      display_name: z.string().optional(),
      description: z.string().nullish(),
      visibility: z.string().optional(),
      supported_reasoning_levels: z.array(z.object({ effort: z.string() })).default([]),
    }),
  ),
});

// Shown until a running agent says which models it has. Codex brings them along, so asking takes no network.
async function readCatalogue({ path }: Located, env: Readonly<Record<string, string>>): Promise<AgentModel[]> {
  const options = { timeout: LOOK_MS, env: { ...env }, maxBuffer: 16 * 1024 * 1024 };
  const printed = await run(path, ['debug', 'models'], options).catch(() => undefined);
  const parsed = parseJson(printed?.stdout ?? '');
  const catalogue = catalogueSchema.safeParse(parsed.ok ? parsed.value : undefined);
  if (!catalogue.success) return [];
  return catalogue.data.models
    .filter((model) => model.visibility !== 'hide')
    .map(({ slug, display_name: title = slug, description, supported_reasoning_levels: levels }) => ({
      id: slug,
      title,
      ...(description == null ? {} : { description }),
      ...(levels.length === 0 ? {} : { efforts: levels.map(({ effort }) => effort) }),
    }));
}

const saidSchema = z.object({ code: z.number(), stderr: z.string() });

async function readAuthentication(
  { path }: Located,
  env: Readonly<Record<string, string>>,
): Promise<BackendView['authenticated']> {
  // What is wrong with them is told when a session starts.
  const setup = await readSetup(toUserHome(env)).catch(() => undefined);
  if (setup === undefined) return 'unknown';
  // A provider of the user's own needs no login of OpenAI.
  if (toProvider(env, setup) !== undefined || /^\s*model_provider\s*=/m.test(setup.config)) return 'yes';
  try {
    await run(path, ['login', 'status'], { timeout: LOOK_MS, env: { ...env } });
    return 'yes';
  } catch (error) {
    const said = saidSchema.safeParse(error);
    // A home that does not exist yet has no login either.
    return said.success && /not logged in|does not exist/i.test(said.data.stderr) ? 'no' : 'unknown';
  }
}
