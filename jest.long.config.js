/** The longer checks: more data, and other tools. */
/** @type {import('jest').Config} */
module.exports = {
  ...require('./jest.config.js'),
  roots: ['<rootDir>/test/long'],
  testPathIgnorePatterns: ['/node_modules/'],
};
