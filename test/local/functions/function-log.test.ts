import { closeLambdas, localLambda } from './local-lambda';

afterEach(closeLambdas);

describe('the log of a function', () => {
  test('holds what it wrote between START and END, in order, with the request it belongs to', async () => {
    const lambda = localLambda({
      code: 'console.log("loading"); exports.handler = async () => { console.warn("now %d", 1); process.stderr.write("raw\\n"); };',
    });
    const { requestId: id } = await lambda.call();
    const lines = lambda.log().trimEnd().split('\n');
    expect(lines).toEqual([
      expect.stringMatching(/^INIT_START Runtime Version: node:v\d+/),
      expect.stringMatching(/^\S+Z\tundefined\tINFO\tloading$/),
      `START RequestId: ${id} Version: $LATEST`,
      expect.stringMatching(new RegExp(`^\\S+Z\\t${id}\\tWARN\\tnow 1$`)),
      'raw',
      `END RequestId: ${id}`,
      expect.stringMatching(
        new RegExp(
          `^REPORT RequestId: ${id}\\tDuration: \\d+\\.\\d\\d ms\\tBilled Duration: \\d+ ms\\tMemory Size: 256 MB\\tMax Memory Used: \\d\\d+ MB\\tInit Duration: \\d+\\.\\d\\d ms$`,
        ),
      ),
    ]);
  });

  test('names the type of an error', async () => {
    const lambda = localLambda({ body: 'throw new RangeError("too far");' });
    await lambda.call();
    expect(lambda.log()).toMatch(/\tERROR\tInvoke Error \{"errorType":"RangeError","errorMessage":"too far"/);
    expect(lambda.log()).toMatch(/\tStatus: error\tError Type: RangeError\n$/);
  });

  test('bills the cold start with the first run, and only there', async () => {
    const lambda = localLambda({});
    await lambda.call();
    const [cold] = lambda.measure();
    expect(cold?.billedMs).toBeGreaterThan(cold?.maxDurationMs ?? 0);
    await lambda.call();
    const billed = [...lambda.log().matchAll(/Billed Duration: (\d+) ms/g)].map(([, ms]) => Number(ms));
    expect(lambda.measure()[0]?.billedMs).toBe((billed[0] ?? 0) + (billed[1] ?? 0));
    expect([...lambda.log().matchAll(/Init Duration/g)]).toHaveLength(1);
  });
});
