/** What `npm pack` makes, installed and used in folders of strangers. */
/** @type {import('jest').Config} */
module.exports = {
  ...require('./jest.config.js'),
  roots: ['<rootDir>/test/package'],
  testPathIgnorePatterns: ['/node_modules/'],
  // Packages are fetched.
  testTimeout: 600_000,
};
