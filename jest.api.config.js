/** Each operation of the API, and each request that is denied, on the local AWS. */
/** @type {import('jest').Config} */
module.exports = {
  ...require('./jest.config.js'),
  roots: ['<rootDir>/test/api'],
  testPathIgnorePatterns: ['/node_modules/'],
  // The first request waits for the functions to start.
  testTimeout: 180_000,
};
