const shared = {
  testEnvironment: '<rootDir>/test/support/tied-environment.js',
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.tsx?$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', decorators: true, tsx: true },
          transform: {
            legacyDecorator: true,
            decoratorMetadata: true,
            react: { runtime: 'automatic', importSource: 'preact' },
          },
        },
      },
    ],
  },
};

const gateways = {
  ...shared,
  globalSetup: '<rootDir>/test/support/e2e-setup.ts',
  globalTeardown: '<rootDir>/test/support/e2e-teardown.ts',
};

export default {
  // More than two cores: the suites start databases and gateways of their own, and wait for them.
  maxWorkers: 3,
  testSequencer: '<rootDir>/test/support/longest-first.js',
  // Generous: tests wait for conditions, and a loaded machine is slow.
  testTimeout: 240_000,
  projects: [
    { ...shared, displayName: 'unit', testMatch: ['<rootDir>/src/**/*.spec.ts'] },
    {
      ...shared,
      displayName: 'integration',
      testMatch: ['<rootDir>/test/integration/**/*.spec.ts'],
      globalSetup: '<rootDir>/test/support/integration-setup.ts',
      globalTeardown: '<rootDir>/test/support/integration-teardown.ts',
    },
    { ...gateways, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.spec.ts'] },
    {
      ...gateways,
      displayName: 'faults',
      testMatch: ['<rootDir>/test/faults/**/*.spec.ts'],
      // What has no short form: see docs/faults.md.
      testPathIgnorePatterns: process.env.FAULTS === 'long' ? [] : ['\\.long\\.spec\\.ts$'],
    },
  ],
};
