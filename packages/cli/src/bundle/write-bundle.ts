import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { AppError, parseJson } from '@baton/protocol';
import { readPrivateTexts, type Settings } from '@baton/server';
import { type BundleParts, collectBundle } from './collect-bundle.ts';
import { createRedactor } from './create-redactor.ts';
import { toTar } from './to-tar.ts';

/** Writes a new .tar.gz that only its owner can read. Rejects with `conflict` when the file exists; writes nothing then. */
export async function writeBundle(path: string, parts: BundleParts): Promise<{ bytes: number; files: string[] }> {
  const redact = createRedactor(await readSecrets(parts));
  const files = (await collectBundle(parts)).map(({ name, text }) => ({ name, text: redact(text) }));
  const archive = await promisify(gzip)(toTar(files, parts.now));
  try {
    await writeFile(path, archive, { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    const exists = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
    const why = exists ? 'the file exists; name another' : cause instanceof Error ? cause.message : String(cause);
    throw new AppError(exists ? 'conflict' : 'invalid-input', `Cannot write "${path}": ${why}`, {}, { cause });
  }
  return { bytes: archive.length, files: files.map(({ name }) => name) };
}

const SECRET_NAME = /KEY|TOKEN|SECRET|PASS|AUTH|CREDENTIAL|COOKIE/i;

// A bundle is not made where what must not be in it cannot be known.
async function readSecrets({ settings, running }: BundleParts): Promise<string[]> {
  const { dataDir, env, ownerKey } = settings;
  const ownKey = await readFile(join(dataDir, 'owner.key'), 'utf8').catch(() => '');
  const named = Object.entries(env).flatMap(([name, value]) => (SECRET_NAME.test(name) && value ? [value] : []));
  const agents = await readAgentEnvironments(settings);
  const known = [ownerKey ?? '', ownKey, running?.key ?? '', ...named, ...agents];
  return [...known, ...(await readPrivateTexts(dataDir))];
}

// Whatever form the file has: every value below an `env` is taken for a secret, and all of a file that cannot be read.
async function readAgentEnvironments({ dataDir }: Settings): Promise<string[]> {
  const text = await readFile(join(dataDir, 'agents.json'), 'utf8').catch(() => '');
  const json = parseJson(text);
  return json.ok ? findEnvironments(json.value, false) : text.split(/["\s]+/);
}

function findEnvironments(value: unknown, isInside: boolean): string[] {
  if (typeof value === 'string') return isInside ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, each]) => findEnvironments(each, isInside || name === 'env'));
}
