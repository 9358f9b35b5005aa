/** Every action of every role taken away: each a push that is denied, and one that is mended. */
/** @type {import('jest').Config} */
module.exports = {
  ...require('./jest.config.js'),
  roots: ['<rootDir>/test/faults'],
  testPathIgnorePatterns: ['/node_modules/'],
  // The first push waits for the functions to start.
  testTimeout: 180_000,
};
