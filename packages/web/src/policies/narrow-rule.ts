import type { ApprovalView, PolicyRule, SessionView } from '@baton/protocol';
import { toShortPath } from '../session/tool/short-path.ts';
import { toText } from '../session/tool/tool-line.ts';

const PATHS = ['file_path', 'filePath', 'path', 'notebook_path'];

/**
 * The narrowest rule that fits what is asked: this agent, this folder, this tool, this very command or file, at no more risk
 * than this one has.
 */
export function toNarrowRule(
  { action, risk }: Pick<ApprovalView, 'action' | 'risk'>,
  session: Pick<SessionView, 'backend' | 'cwd'>,
): Omit<PolicyRule, 'id'> {
  const command = action.kind === 'execute' ? toText(action.input, 'command') : undefined;
  const path = command === undefined ? toPath(action.input) : undefined;
  return {
    effect: 'allow',
    match: {
      backend: session.backend,
      folder: session.cwd,
      tool: action.tool,
      ...(command === undefined ? {} : { command }),
      ...(path === undefined ? {} : { path: toShortPath(path, session.cwd) }),
      ...(risk === undefined ? {} : { riskAtMost: risk.level }),
    },
  };
}

function toPath(input: unknown): string | undefined {
  return PATHS.map((name) => toText(input, name)).find((path) => path !== undefined);
}
