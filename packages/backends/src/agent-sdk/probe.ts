import { type BackendView, toAppError } from '@baton/protocol';
import { readAuthentication, toClaudeOffer } from '../claude/probe.ts';
import { type SdkPlace, locateSdk } from './load-sdk.ts';
import { locateProgram } from './program.ts';

/** Looks for the SDK and for the program it drives. Loads nothing, starts no session; never throws. */
export async function probeSdk(view: {
  id: string;
  title: string;
  place: SdkPlace;
  executable: string | undefined;
  env: Readonly<Record<string, string>>;
}): Promise<BackendView> {
  const { id, title, place, executable, env } = view;
  const base = { id, title, ...toClaudeOffer(env) };
  try {
    const { folder, version } = await locateSdk(place);
    const program = await locateProgram(folder, executable, env);
    const authenticated = await readAuthentication(program, env);
    const how = 'Sign in to Claude Code, or set ANTHROPIC_API_KEY, and look again';
    const problem = authenticated === 'no' ? { problem: `Claude Code is not signed in. ${how}` } : {};
    return { ...base, installed: true, version, path: folder, authenticated, ...problem };
  } catch (error) {
    return { ...base, installed: false, authenticated: 'unknown', problem: toAppError(error).message };
  }
}
