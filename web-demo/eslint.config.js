import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

/** The page knows the contract only: no WASM, no storage, no socket. */
const uiBoundary = {
  files: ['src/ui/**'],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            group: [
              '**/wasm/**',
              '**/platform/**',
              '**/engine/*',
              '!**/engine/contract',
              '!**/engine/contract.ts',
              'idb',
            ],
            message: 'src/ui knows src/engine/contract.ts only',
          },
        ],
      },
    ],
    'no-restricted-globals': ['error', 'indexedDB', 'WebSocket', 'localStorage', 'sessionStorage', 'Worker'],
  },
};

export default ts.config(
  { ignores: ['dist/', 'node_modules/', 'src/wasm/', 'test-results/', 'dev-dist/'] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
    rules: {
      'no-console': ['error', { allow: ['error'] }],
      eqeqeq: 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'off',
      'svelte/no-at-html-tags': 'error',
      'svelte/require-each-key': 'error',
      'svelte/no-inline-styles': 'error',
      // Navigation is view state, not addresses.
      'svelte/no-navigation-without-resolve': 'off',
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { extraFileExtensions: ['.svelte'], parser: ts.parser, svelteConfig } },
  },
  // Caches and passing dates in these files are deliberately not reactive.
  { files: ['**/*.svelte.ts'], rules: { 'svelte/prefer-svelte-reactivity': 'off' } },
  {
    files: ['scripts/**', 'test/**'],
    rules: { 'no-console': 'off', '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  uiBoundary,
);
