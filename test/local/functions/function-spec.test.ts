import { tmpdir } from 'node:os';
import { checkSpecs, findSpec } from '../../../local/functions/function-spec';

const spec = {
  name: 'InspectTarball',
  arn: 'arn:aws:lambda:eu-central-1:123456789012:function:InspectTarball',
  codeDir: tmpdir(),
  handler: 'index.handler',
  memorySize: 512,
  timeout: 60,
  environment: {},
};

describe('a function', () => {
  test.each([
    'InspectTarball',
    'InspectTarball:live',
    'InspectTarball:$LATEST',
    '123456789012:function:InspectTarball',
    'arn:aws:lambda:eu-central-1:123456789012:function:InspectTarball',
    'arn:aws:lambda:eu-central-1:123456789012:function:InspectTarball:7',
  ])('is found as %s', (reference) => {
    expect(findSpec([spec], reference, '123456789012')).toBe(spec);
  });

  test.each([
    'Inspect',
    'InspectTarballs',
    'InspectTarball:',
    'InspectTarball:a:b',
    '210987654321:function:InspectTarball',
    'arn:aws:lambda:us-east-1:123456789012:function:InspectTarball',
  ])('is not found as %s', (reference) => {
    expect(findSpec([spec], reference, '123456789012')).toBeUndefined();
  });

  test.each([
    [{ memorySize: 127 }, 'memorySize 127; expected 128 to 10240 MiB'],
    [{ timeout: 901 }, 'timeout 901; expected 1 to 900 seconds'],
    [{ handler: 'index' }, 'handler "index"; expected file and export'],
    [{ reservedConcurrency: -1 }, 'reservedConcurrency -1'],
    [{ codeDir: '/nowhere/at/all' }, 'codeDir "/nowhere/at/all"; expected a directory'],
    [{ name: 'a b' }, '1 to 64 letters'],
  ])('that Lambda would not create is refused: %j', (change, message) => {
    const check = () => checkSpecs([{ ...spec, ...change }]);
    expect(check).toThrow(message);
    expect(check).toThrow(expect.objectContaining({ name: 'InvalidFunctionSpec' }));
  });

  test('has its name for itself', () => {
    expect(() => checkSpecs([spec, spec])).toThrow('Two functions are called "InspectTarball".');
  });
});
