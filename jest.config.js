/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: { '\\.ts$': '<rootDir>/test/support/esbuild-transformer.js' },
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/long/'],
  testTimeout: 60_000,
};
