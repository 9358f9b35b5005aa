import { executionName } from '../../lambda/contract/execution-name';
import type { FaultRule } from '../../local/fault-script';
import { fastClock } from '../support/fast-clock';
import { ociLayout } from '../support/oci-layout-builder';
import { RunningSlipway } from '../support/running-slipway';

const MINUTE = 60_000;

/** Waits are over at once, and it stands still where a test says so: a wait that begins then ends when it is let go. */
class HeldClock {
  private readonly fast = fastClock();
  private held: { reached: () => void; released: Promise<void> } | undefined;

  readonly now = () => Date.now();

  readonly sleep = async (ms: number, signal: AbortSignal) => {
    // Longer ones are the time limits of states and executions.
    if (!this.held || ms > MINUTE) return this.fast.sleep(ms, signal);
    this.held.reached();
    await this.held.released;
  };

  /** Holds every wait from now on, until it is released. */
  hold(): { reached: Promise<void>; release: () => void } {
    const [released, letGo] = signal();
    const [reached, reach] = signal();
    this.held = { reached: reach, released };
    const release = () => {
      this.held = undefined;
      letGo();
    };
    return { reached, release };
  }
}

function signal(): [raised: Promise<void>, raise: () => void] {
  let raise = () => {};
  const raised = new Promise<void>((resolve) => {
    raise = resolve;
  });
  return [raised, raise];
}

const clock = new HeldClock();
let slipway: RunningSlipway;
beforeAll(async () => {
  slipway = await RunningSlipway.start({ clock });
});
afterAll(() => slipway.stop());
afterEach(() => slipway.cloud.faults.clear());

const deny: FaultRule = {
  service: 'states',
  operation: 'StartExecution',
  times: 100,
  fault: { kind: 'error', name: 'AccessDeniedException', message: 'not authorized to perform: states:StartExecution' },
};

/** Runs StartPush as EventBridge does, with S3's event for this version of this object. */
async function deliver(key: string, versionId: string): Promise<unknown> {
  const detail = {
    version: '0',
    bucket: { name: slipway.cloud.dropBucket },
    object: { key, size: 1, etag: '0123456789abcdef0123456789abcdef', 'version-id': versionId, sequencer: '00' },
    'request-id': 'C3D13FE58DE4C810',
    requester: '000000000000',
    'source-ip-address': '127.0.0.1',
    reason: 'PutObject',
  };
  const event = { version: '0', id: 'event', 'detail-type': 'Object Created', source: 'aws.s3', detail };
  const reply = await invokeStartPush(event);
  return reply.json();
}

function invokeStartPush(event: unknown): Promise<Response> {
  const name = slipway.cloud.measure().find(({ step }) => step === 'StartPush')?.name;
  const url = `${slipway.cloud.endpoint}/2015-03-31/functions/${name}/invocations`;
  return fetch(url, { method: 'POST', body: JSON.stringify(event) });
}

test('the same event delivered three times starts one push', async () => {
  const key = 'team-a/thrice/1.tar';
  const push = await slipway.drop(key, ociLayout({ seed: 1 }).tarball.toBuffer());
  const { source } = (await slipway.document(push, 'receipt')) as { source: { versionId: string } };
  const known = await slipway.executions();
  const replies = await Promise.all([1, 2, 3].map(() => deliver(key, source.versionId)));
  await slipway.cloud.idle();
  expect(replies).toEqual(Array(3).fill(expect.objectContaining({ key, outcome: 'known' })));
  expect(await slipway.executions()).toEqual(known);
});

test('another version of the same key is another push', async () => {
  const bytes = ociLayout({ seed: 2 }).tarball.toBuffer();
  const [first, second] = [
    await slipway.drop('team-a/again/1.tar', bytes),
    await slipway.drop('team-a/again/1.tar', bytes),
  ];
  expect([first.status, second.status]).toEqual(['SUCCEEDED', 'SUCCEEDED']);
  expect(second.receipt).toMatchObject({ layersSent: 0 });
});

/** Pushes an older tarball, and a newer one of the same key once the older one's headers were read. */
async function overwriteInMidRun(key: string, start: (versionId: string) => Promise<string>) {
  const [older, newer] = [ociLayout({ seed: 3 }), ociLayout({ seed: 4, layers: 3 })];
  // Its layers are not read yet: the execution waits until Lambda takes its next call.
  slipway.cloud.faults.add({ service: 'lambda', operation: 'VerifyPack', fault: { kind: 'throttle' } });
  const { reached, release } = clock.hold();
  const running = await start(await slipway.put(key, older.tarball.toBuffer()));
  await reached;
  expect((await slipway.describe(running)).status).toBe('RUNNING');
  const replacement = executionOf(key, await slipway.put(key, newer.tarball.toBuffer()));
  release();
  await slipway.cloud.idle();
  return { older: await slipway.describe(running), newer: await slipway.describe(replacement), digest: newer.digest };
}

function executionOf(key: string, versionId: string): string {
  const machine = slipway.cloud.stateMachineArn.replace(':stateMachine:', ':execution:');
  return `${machine}:${executionName(key, versionId)}`;
}

test('a newer version of the same key overtakes an older one, which moves no tag', async () => {
  const key = 'team-a/overwritten/1.tar';
  const { older, newer, digest } = await overwriteInMidRun(key, async (versionId) => executionOf(key, versionId));
  expect(older).toMatchObject({ status: 'FAILED', diagnosis: { code: 'Superseded', step: 'PutImage' } });
  expect(newer).toMatchObject({ status: 'SUCCEEDED' });
  expect((await slipway.images())['team-a/overwritten:1']).toBe(digest);
});

test('an event for which StartPush keeps failing ends in the dead-letter queue, and can be started from there', async () => {
  const key = 'team-a/dead/1.tar';
  slipway.cloud.faults.add(deny);
  const known = await slipway.executions();
  const versionId = await slipway.put(key, ociLayout({ seed: 5 }).tarball.toBuffer());
  await slipway.cloud.idle();
  expect(await slipway.executions()).toEqual(known);
  expect(slipway.deadLetters().map(({ event }) => event.detail.object)).toEqual([
    expect.objectContaining({ key, 'version-id': versionId }),
  ]);

  slipway.cloud.faults.clear();
  expect(await deliver(key, versionId)).toMatchObject({ outcome: 'started' });
  await slipway.cloud.idle();
  expect(Object.keys(await slipway.images())).toContain('team-a/dead:1');
});

test('StartPush that fails once is tried again, and starts one push', async () => {
  slipway.cloud.faults.add({ ...deny, times: 1 });
  const push = await slipway.drop('team-a/retried/1.tar', ociLayout({ seed: 6 }).tarball.toBuffer());
  expect(push.status).toBe('SUCCEEDED');
  expect(slipway.deadLetters().filter(({ event }) => event.detail.object.key.includes('retried'))).toEqual([]);
});

test('an event that says nothing of an object is refused', async () => {
  const reply = await invokeStartPush({ detail: {} });
  expect(reply.headers.get('x-amz-function-error')).toBe('Unhandled');
});
