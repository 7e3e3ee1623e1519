import { SERVE_ARGS, type ServiceFacts } from './service-facts.ts';

/** Windows has no service that runs a console program as the user who is signed in; its task scheduler does. */
export function toWindowsNotes({ node, program, dataDir }: ServiceFacts): string {
  const command = [node, program].map((word) => `\\"${word}\\"`).join(' ');
  return [
    'Baton does not install itself on Windows. Its task scheduler starts it when you sign in:',
    '',
    `  setx BATON_DATA "${dataDir}"`,
    `  schtasks /Create /TN Baton /SC ONLOGON /RL LIMITED /TR "${command} ${SERVE_ARGS.join(' ')}"`,
    '  schtasks /Run /TN Baton',
    '',
    'To restart it: schtasks /End /TN Baton, then /Run. "baton restart", which leaves agents at work, needs Linux or macOS.',
    'To remove it: schtasks /Delete /TN Baton',
    '',
  ].join('\n');
}
