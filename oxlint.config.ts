import { defineConfig } from 'oxlint';

// Code lines only. Why these numbers: docs/decisions/002-oxlint-and-biome.md.
const MAX_LINES = { max: 300, skipBlankLines: true, skipComments: true };
const MAX_FUNCTION = { max: 60, skipBlankLines: true, skipComments: true };
const MAX_COMPONENT = { ...MAX_FUNCTION, max: 150 };

export default defineConfig({
  plugins: ['eslint', 'typescript', 'import', 'unicorn', 'oxc', 'react', 'jsx-a11y', 'vitest'],
  jsPlugins: ['./scripts/lint/plugin.ts'],
  categories: { correctness: 'error' },
  options: { typeAware: true },
  ignorePatterns: ['**/dist/**', '**/node_modules/**', '**/__fixtures__/**', 'test-agents/**'],
  rules: {
    'max-lines': ['error', MAX_LINES],
    'max-lines-per-function': ['error', MAX_FUNCTION],
    // Modified: a switch counts once, because an exhaustive one over a union is a table.
    complexity: ['error', { max: 12, variant: 'modified' }],
    'max-depth': ['error', { max: 4 }],
    'max-params': ['error', { max: 3 }],

    'baton/file-name': 'error',
    'baton/import-law': 'error',
    'baton/purity': 'error',
    'import/no-cycle': 'error',
    'import/no-default-export': 'error',
    'no-restricted-properties': [
      'error',
      { object: 'JSON', property: 'parse', message: 'Parse with parseJson of @baton/protocol, then validate.' },
    ],

    'no-console': 'error',
    'no-var': 'error',
    'prefer-const': 'error',
    eqeqeq: ['error', 'always', { null: 'ignore' }],
    'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none' }],
    'unicorn/prefer-node-protocol': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/no-non-null-assertion': 'error',
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/only-throw-error': 'error',
    'typescript/consistent-type-imports': 'error',
    'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],

    'vitest/no-disabled-tests': 'error',
    'vitest/no-focused-tests': 'error',
    'vitest/warn-todo': 'error',
    // `until` and `waitFor` wait for what must come, and fail the test when it does not.
    'vitest/expect-expect': [
      'error',
      {
        assertFunctionNames: [
          'expect',
          'expect*',
          'assert*',
          'check*',
          'attack',
          'given',
          '*.assert',
          '*.run',
          '*.until',
          '*.waitFor',
        ],
      },
    ],
    // An expectation inside a narrowing, or in a function that tests share.
    'vitest/no-conditional-expect': 'off',
    'vitest/no-standalone-expect': 'off',

    // Our interfaces are objects of closures: their methods have no `this` to lose.
    'typescript/unbound-method': 'off',
    // A copy before a loop that may change the original is deliberate.
    'unicorn/no-useless-spread': 'off',
    // given / when / then.
    'unicorn/no-thenable': 'off',
    // Terminal output is full of them.
    'no-control-regex': 'off',
    // `describe('x', () => describeX(open))`.
    'vitest/valid-describe-callback': 'off',
    // A dialog and the sign-in page put the focus where the work is; `role="status"` is as good as `output`.
    'jsx-a11y/no-autofocus': 'off',
    'jsx-a11y/prefer-tag-over-role': 'off',
    // An option is reached by aria-activedescendant, a region that scrolls needs a tab stop, a frame may listen to what
    // bubbles up from the controls inside: axe judges the real page.
    'jsx-a11y/interactive-supports-focus': 'off',
    'jsx-a11y/no-static-element-interactions': 'off',
    'jsx-a11y/no-noninteractive-element-interactions': 'off',
    'jsx-a11y/click-events-have-key-events': 'off',
    'jsx-a11y/no-noninteractive-tabindex': 'off',
  },
  overrides: [
    // A component is one function by nature, and its markup counts too.
    { files: ['**/*.tsx'], rules: { 'max-lines-per-function': ['error', MAX_COMPONENT] } },
    // A describe block is a list, not a function, and a suite is as long as its contract.
    {
      files: ['**/*.test.ts', '**/*.test.tsx', 'packages/testkit/src/suite/**', 'e2e/**'],
      rules: { 'max-lines-per-function': 'off', 'max-lines': ['error', { ...MAX_LINES, max: 500 }] },
    },
    // Programs that talk to a terminal.
    {
      files: ['packages/cli/src/**', 'packages/testkit/src/program/**', 'scripts/**', 'bench/**', 'e2e/soak/run.ts'],
      rules: { 'no-console': 'off' },
    },
    // The one place, and what runs before anything of ours can be imported.
    { files: ['packages/protocol/src/json.ts', 'scripts/**/*.mjs'], rules: { 'no-restricted-properties': 'off' } },
    // Tools that load a default export.
    {
      files: ['*.config.ts', 'packages/*/*.config.ts', 'scripts/lint/plugin.ts'],
      rules: { 'import/no-default-export': 'off' },
    },
    // The error takes what every Error takes (message, options) and its own two.
    { files: ['packages/protocol/src/error.ts'], rules: { 'max-params': ['error', { max: 4 }] } },
  ],
});
