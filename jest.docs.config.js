/** The documents: snippets compiled or run, generated pages, examples. */
/** @type {import('jest').Config} */
module.exports = {
  ...require('./jest.config.js'),
  roots: ['<rootDir>/test/docs'],
  testPathIgnorePatterns: ['/node_modules/'],
};
