/** The page of `slipway local` in headless Chromium: /usr/bin/chromium, or what CHROMIUM names. */
/** @type {import('jest').Config} */
module.exports = {
  ...require('./jest.config.js'),
  roots: ['<rootDir>/test/page'],
  testPathIgnorePatterns: ['/node_modules/'],
};
