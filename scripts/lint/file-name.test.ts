import { expect, test } from 'vitest';
import { judgePath } from './file-name.ts';

test.for([
  'packages/core/src/session/decide.ts',
  'packages/core/src/session/decide.test.ts',
  'packages/web/src/session/approval-card.tsx',
  'packages/testkit/src/browser/launch-browser.browser.test.ts',
  'packages/backends/src/openai/gpt-5.ts',
  'scripts/build/source-stamp.d.mts',
  'vitest.config.ts',
])('%s is a good name', (path) => {
  expect(judgePath(path)).toBeUndefined();
});

test.for([
  ['packages/core/src/utils/id.ts', 'folder "utils"'],
  ['packages/web/src/common/button.tsx', 'folder "common"'],
  ['packages/core/src/helpers.ts', 'a drawer'],
  ['packages/core/src/session/string-utils.ts', 'a drawer'],
  ['packages/server/src/session-manager.ts', 'a drawer'],
  ['packages/core/src/types.ts', 'a drawer'],
  ['packages/core/src/decide2.ts', 'second version'],
  ['packages/web/src/app.new.tsx', 'second version'],
  ['packages/web/src/ApprovalCard.tsx', 'not kebab-case'],
  ['packages/web/src/use_hotkeys.ts', 'not kebab-case'],
] as const)('%s is refused: %s', ([path, reason]) => {
  expect(judgePath(path)).toContain(reason);
});
