// OpenCode with a wire that can be cut: SIGUSR2 ends every connection to its server, and "cut" says when it has.
import { spawn } from 'node:child_process';
import { startFaultProxy } from '../../../../testkit/src/network/fault-proxy.ts';

const [, , program, ...args] = process.argv;
const child = spawn(program, args, { stdio: ['inherit', 'pipe', 'inherit'] });
child.on('exit', (code) => process.exit(code ?? 1));
let proxy;
process.on('SIGUSR2', () => {
  proxy?.cut();
  process.stderr.write('cut\n');
});
child.stdout.on('data', async (chunk) => {
  const text = String(chunk);
  const port = /listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(text)?.[1];
  if (port === undefined) return void process.stdout.write(text);
  proxy = await startFaultProxy(Number(port));
  process.stdout.write(text.replace(port, String(proxy.port)));
});
