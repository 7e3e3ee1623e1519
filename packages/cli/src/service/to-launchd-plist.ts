import { join } from 'node:path';
import { SERVE_ARGS, type ServiceFacts } from './service-facts.ts';

export const LAUNCHD_LABEL = 'dev.baton.server';

/**
 * An agent of the user's own session: starts at sign-in, and again when it fails. launchd has no watchdog. When a server ends,
 * launchd kills what is left of its process group; the runner has a group of its own and keeps its agents at work.
 */
export function toLaunchdPlist({ node, program, dataDir, path }: ServiceFacts): string {
  const words = [node, program, ...SERVE_ARGS].map((word) => `    <string>${escape(word)}</string>`);
  const log = escape(join(dataDir, 'logs', 'service.log'));
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${LAUNCHD_LABEL}</string>
  <key>ProgramArguments</key>
  <array>
${words.join('\n')}
  </array>
  <key>EnvironmentVariables</key>
  <dict>
    <key>BATON_DATA</key>
    <string>${escape(dataDir)}</string>
    <key>PATH</key>
    <string>${escape(path)}</string>
  </dict>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <dict>
    <key>SuccessfulExit</key>
    <false/>
  </dict>
  <key>ExitTimeOut</key>
  <integer>30</integer>
  <key>StandardOutPath</key>
  <string>${log}</string>
  <key>StandardErrorPath</key>
  <string>${log}</string>
</dict>
</plist>
`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
