import devkit from '@nx/devkit';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

// The walls read Nx's project graph from its cache, and would let everything pass when there is none.
await devkit.createProjectGraphAsync();

/** Who may import whom: the table of ARCHITECTURE.md. Each is broken by a file that must fail (tools/test/fixtures/walls). */
export const WALLS = [
  { sourceTag: 'scope:tensor', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'scope:contracts', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'scope:client', onlyDependOnLibsWithTags: ['scope:contracts'] },
  { sourceTag: 'scope:cli', onlyDependOnLibsWithTags: ['scope:client'] },
  { sourceTag: 'scope:inference', onlyDependOnLibsWithTags: ['scope:tensor', 'scope:contracts'] },
  { sourceTag: 'scope:explain', onlyDependOnLibsWithTags: ['scope:tensor', 'scope:inference'] },
  { sourceTag: 'scope:persistence', onlyDependOnLibsWithTags: ['scope:contracts'] },
  {
    sourceTag: 'scope:service-kit',
    onlyDependOnLibsWithTags: ['scope:contracts', 'scope:persistence', 'scope:tensor', 'scope:inference'],
  },
  {
    sourceTag: 'scope:gateway',
    onlyDependOnLibsWithTags: ['scope:contracts', 'scope:service-kit', 'scope:persistence'],
  },
  {
    sourceTag: 'scope:app',
    onlyDependOnLibsWithTags: [
      'scope:contracts',
      'scope:tensor',
      'scope:inference',
      'scope:explain',
      'scope:service-kit',
      'scope:persistence',
    ],
  },
  { sourceTag: 'scope:testing', onlyDependOnLibsWithTags: ['*'] },
  { sourceTag: 'scope:tools', onlyDependOnLibsWithTags: ['*'] },
];

/**
 * Walls inside a library: a service's own contract, and the parts of the service kit that need a model runtime.
 *
 * @returns {import('eslint').Linter.RulesRecord}
 */
function forbid(/** @type {string[]} */ group, /** @type {string} */ message) {
  return { 'no-restricted-imports': ['error', { patterns: [{ group, message }] }] };
}
const SERVICE_CONTRACTS = '@ganglion/contracts/services/*';
const MODEL_PARTS = '@ganglion/service-kit/model/*';

const TESTS = [
  '**/*.spec.ts',
  '**/*.spec.mjs',
  'apps/*/test/**',
  'libs/*/test/**',
  'tools/**',
  'libs/testing/**',
];

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      'libs/*/types/**',
      '**/node_modules/**',
      '.nx/**',
      '.ganglion/**',
      'tools/test/fixtures/**',
    ],
  },
  ...tseslint.configs.recommended,
  prettier,
  {
    files: ['**/*.ts', '**/*.mjs'],
    plugins: { '@nx': nx },
    // Nest finds what to inject by a constructor's types: there, an import of a class is no import of a type.
    languageOptions: { parserOptions: { emitDecoratorMetadata: true, experimentalDecorators: true } },
    rules: {
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 4],
      complexity: ['error', 15],
      eqeqeq: 'error',
      'no-console': 'error',
      'prefer-const': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@nx/enforce-module-boundaries': [
        'error',
        { allow: [], banTransitiveDependencies: true, depConstraints: WALLS },
      ],
    },
  },
  {
    files: ['libs/{tensor,inference,explain,persistence,client,cli,service-kit}/**/*.ts'],
    rules: forbid([SERVICE_CONTRACTS], 'A library knows no service: take what it needs from the capability.'),
  },
  {
    files: ['apps/gateway/**/*.ts'],
    rules: forbid(
      [SERVICE_CONTRACTS, MODEL_PARTS],
      'The gateway knows no domain and runs no model: it learns what exists by discovery.',
    ),
  },
  {
    files: ['libs/service-kit/src/**/*.ts'],
    ignores: ['libs/service-kit/src/model/**'],
    rules: forbid(
      ['@ganglion/inference', SERVICE_CONTRACTS],
      "Only the service kit's ./model may run models.",
    ),
  },
  {
    files: TESTS,
    rules: {
      'max-lines-per-function': 'off',
      'no-restricted-imports': 'off',
      '@nx/enforce-module-boundaries': 'off',
    },
  },
  { files: ['tools/**', 'infra/**'], rules: { 'no-console': 'off' } },
);
