import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';

/** What the compiler does not see and a review easily misses. Types are needed for these, so they are few: each costs time. */
const typeAware = {
  '@typescript-eslint/no-floating-promises': 'error',
  '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false, properties: false } }],
  '@typescript-eslint/await-thenable': 'error',
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
};

const style = {
  'prefer-const': 'error',
  eqeqeq: ['error', 'always', { null: 'ignore' }],
  'no-console': 'error',
  'no-empty': ['error', { allowEmptyCatch: true }],
  '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
  '@typescript-eslint/no-unused-vars': [
    'error',
    { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none' },
  ],
  // Playwright fixtures that use no other fixture take an empty pattern.
  'no-empty-pattern': ['error', { allowObjectPatternsAsParameters: true }],
  // Worklets name the file with their global scope's types.
  '@typescript-eslint/triple-slash-reference': 'off',
};

export default ts.config(
  { ignores: ['out/', 'node_modules/', '.toolchain/', '.setup/', 'test-results/', 'playwright-report/', 'vendor/'] },
  js.configs.recommended,
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  { rules: style },
  {
    files: ['main/**/*.ts', 'preload/**/*.ts', 'test/**/*.ts', '*.config.ts'],
    ignores: ['test/fixtures/**'],
    languageOptions: { globals: globals.node, parserOptions: { project: './tsconfig.json' } },
    rules: typeAware,
  },
  {
    files: ['scripts/**/*.mjs', 'bin/**/*.mjs', '**/*.cjs', '*.config.js'],
    languageOptions: { globals: globals.node },
    // They talk to a terminal.
    rules: { 'no-console': 'off' },
  },
  {
    files: ['renderer/**/*.ts', 'renderer/**/*.svelte'],
    languageOptions: { globals: globals.browser },
  },
  {
    files: ['renderer/**/*.svelte', 'renderer/**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser } },
    rules: {
      // `let { … } = $props()` is how props are written.
      'prefer-const': 'off',
      'svelte/prefer-const': ['error', { excludedRunes: ['$props', '$derived'] }],
      // Maps that no view reads may be plain; the ones that are read are replaced whole ($state.raw).
      'svelte/prefer-svelte-reactivity': 'off',
    },
  },
  {
    // Benches and e2e print figures and reasons.
    files: ['test/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
);
