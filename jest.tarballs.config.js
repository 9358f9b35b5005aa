/** The matrix of producers and defects: each a push on the local AWS. */
/** @type {import('jest').Config} */
module.exports = {
  ...require('./jest.config.js'),
  roots: ['<rootDir>/test/tarballs'],
  testPathIgnorePatterns: ['/node_modules/'],
  // The first push waits for the functions to start.
  testTimeout: 180_000,
};
