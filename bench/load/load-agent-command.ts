import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** An executable, for `BATON_CLAUDE`, that runs the load agent on this Node. */
export function createLoadAgentCommand(): string {
  const folder = mkdtempSync(join(tmpdir(), 'baton-bench-agent-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'load-agent');
  const program = join(import.meta.dirname, 'load-agent.ts');
  writeFileSync(file, `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`, { mode: 0o755 });
  return file;
}
