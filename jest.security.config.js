/** cdk-nag, and what the template must and must not allow. */
/** @type {import('jest').Config} */
module.exports = {
  ...require('./jest.config.js'),
  roots: ['<rootDir>/test/security'],
  testPathIgnorePatterns: ['/node_modules/'],
  maxWorkers: 1,
};
