import { join } from 'node:path';
import { type AgentUnderTest, AGENTS_FOLDER } from './agent-under-test.ts';

const PROGRAMS = join(AGENTS_FOLDER, '.bin');

export const GEMINI: AgentUnderTest = {
  name: 'Gemini CLI 0.61.0',
  backend: 'gemini',
  serverEnv: { PATH: `${PROGRAMS}:${process.env['PATH'] ?? ''}` },
  programs: [join(PROGRAMS, 'gemini')],
  sessionEnv: ({ url, apiKey }) => ({ GEMINI_API_KEY: apiKey, GOOGLE_GEMINI_BASE_URL: url }),
  change: { model: 'gemini-2.5-flash', mode: 'autoEdit' },
  asksTogether: false,
  lacks: {},
};
