/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: { '\\.ts$|/node_modules/libdeflate/': '<rootDir>/test/support/esbuild-transformer.js' },
  transformIgnorePatterns: ['/node_modules/(?!libdeflate/)'],
  testPathIgnorePatterns: [
    '/node_modules/',
    '<rootDir>/test/api/',
    '<rootDir>/test/deploy/',
    '<rootDir>/test/docs/',
    '<rootDir>/test/long/',
    '<rootDir>/test/package/',
    '<rootDir>/test/page/',
    '<rootDir>/test/security/',
    '<rootDir>/test/tarballs/',
    '<rootDir>/test/faults/',
  ],
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  // Most of the time goes by in child processes: one worker a core.
  maxWorkers: '100%',
  testTimeout: 60_000,
};
