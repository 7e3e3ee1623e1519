// Installs the real agents that tests run, as their lock file says.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ROOT, installDependencies } from './setup.mjs';

export async function setUpAgents() {
  await installDependencies(join(ROOT, 'test-agents'), 'the agents that tests run');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await setUpAgents();
