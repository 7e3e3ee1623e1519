import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AppError, parseJson } from '@baton/protocol';
import { type AgentSdk, agentSdkSchema, manifestSchema } from './wire.ts';

export const SDK_PACKAGE = '@anthropic-ai/claude-agent-sdk';

export interface LocatedSdk {
  /** The folder of the package. */
  folder: string;
  version: string;
  /** The file to load. */
  main: string;
}

/** Where the package may be: a folder that the owner named, or where Baton installs it. */
export interface SdkPlace {
  setting: string | undefined;
  /** A folder with `node_modules`. */
  home: string;
}

/** Reads what is installed and loads none of it. Rejects with `backend-not-installed`. */
export async function locateSdk({ setting, home }: SdkPlace): Promise<LocatedSdk> {
  const named = setting ?? join(home, 'node_modules', ...SDK_PACKAGE.split('/'));
  const folder = await realpath(named).catch(() => named);
  const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => undefined);
  const parsed = text === undefined ? undefined : parseJson(text);
  const manifest = manifestSchema.safeParse(parsed?.ok === true ? parsed.value : undefined);
  if (!manifest.success) {
    const what = `The Claude Agent SDK is not installed (looked in ${named})`;
    const mend = setting === undefined ? 'Install it on the agents page' : 'Correct BATON_AGENT_SDK, the folder of it';
    throw new AppError('backend-not-installed', `${what}. ${mend}`);
  }
  const { version, main } = manifest.data;
  return { folder, version, main: join(folder, main) };
}

/** Loads it into this process, once for each folder and version: it is some 30 MB, so only when a session needs it. */
export async function loadSdk({ main, version }: LocatedSdk): Promise<AgentSdk> {
  // The version makes it another module when Baton has installed a newer one in the same place.
  const url = `${pathToFileURL(main).href}?${encodeURIComponent(version)}`;
  const loaded: unknown = await import(url).catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('backend-not-installed', `${main} does not load: ${why}. Install it again`, {}, { cause });
  });
  const sdk = agentSdkSchema.safeParse(loaded);
  if (sdk.success) return sdk.data;
  throw new AppError('backend-not-installed', `${main} is not the Claude Agent SDK. Install it again`);
}
