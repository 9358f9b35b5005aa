/** What is deployed and what it may do: cdk-nag, the template, who may push where, and what the API denies. */
/** @type {import('jest').Config} */
module.exports = {
  ...require('./jest.config.js'),
  roots: ['<rootDir>/test'],
  testMatch: [
    '<rootDir>/test/security/*.test.ts',
    // Who may push where, by key, repository, tag and registry; a drop that is allowed less, on the local AWS.
    '<rootDir>/test/lambda/image/drop-policy.test.ts',
    '<rootDir>/test/push/requests.test.ts',
    // Roles, buckets, keys, networks and the props that change them.
    '<rootDir>/test/lib/{check-props,notices,props,push-api,slipway}.test.ts',
    // Each request that the API denies.
    '<rootDir>/test/api/denied-requests.test.ts',
  ],
  testPathIgnorePatterns: ['/node_modules/'],
};
