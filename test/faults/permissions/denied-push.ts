import { gzipSync } from 'node:zlib';
import { CreateRepositoryCommand, DeleteRepositoryCommand } from '@aws-sdk/client-ecr';
import { DeleteObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand } from '@aws-sdk/client-sfn';
import type { Diagnosis } from '../../../lambda/contract/steps';
import { diagnose } from '../../../lambda/upload/diagnosis';
import { dockerArchive } from '../../support/docker-archive-builder';
import { hexOf } from '../../support/image-parts';
import { OciLayoutBuilder, ociLayout } from '../../support/oci-layout-builder';
import type { EndedPush, RunningSlipway } from '../../support/running-slipway';
import { file } from '../../support/tar-writer';
import { LARGEST_PACKED } from './granted';
import type { Situation } from './situations';

/** How a push ended. */
export interface End {
  readonly status: string;
  /** Of a push that failed. */
  readonly diagnosis?: Diagnosis;
  /** Invocations beyond one for each time that a state was entered. */
  readonly retries: number;
}

/** Pushes of one situation, again and again to one repository; each has an image of its own. */
export class SituationPushes {
  static #seed = 0;
  readonly #repository: string;

  constructor(
    private readonly slipway: RunningSlipway,
    private readonly situation: Situation,
  ) {
    SituationPushes.#seed += 1;
    this.#repository = `${situation.creates ? 'new' : 'there'}/app-${SituationPushes.#seed}`;
  }

  /** One push, from the tarball to its end. */
  async push(): Promise<End> {
    const { faults } = this.slipway.cloud;
    SituationPushes.#seed += 1;
    const key = `in/${SituationPushes.#seed}.tar`;
    await this.#prepareRepository();
    if (this.situation.known) await this.#pushElsewhere(key);
    this.#script(key);
    const ended = await this.#start(key);
    faults.clear();
    return this.#endOf(ended);
  }

  async #prepareRepository(): Promise<void> {
    const { ecr } = this.slipway;
    const repositoryName = this.#repository;
    const exists = (await this.slipway.repositories()).includes(repositoryName);
    if (exists && this.situation.creates) await ecr.send(new DeleteRepositoryCommand({ repositoryName, force: true }));
    if (!exists && !this.situation.creates) await ecr.send(new CreateRepositoryCommand({ repositoryName }));
  }

  async #pushElsewhere(key: string): Promise<void> {
    const repositoryName = `${this.#repository}-before`;
    if (!(await this.slipway.repositories()).includes(repositoryName)) {
      await this.slipway.ecr.send(new CreateRepositoryCommand({ repositoryName }));
    }
    const ended = await this.slipway.drop(`in/before/${key}`, this.#tarball(), {
      'slipway-repository': repositoryName,
      'slipway-tags': key.replace(/\D/g, ''),
    });
    expect(ended.status).toBe('SUCCEEDED');
  }

  #script(key: string): void {
    const { loses, recreates, goneBefore } = this.situation;
    const { faults } = this.slipway.cloud;
    // Both layers of the pack, and then one that restarted; one alone where another would see the repository go.
    const forget = { kind: 'forget-upload' };
    const times = recreates ? 1 : 3;
    if (loses) faults.add({ service: 'ecr', operation: 'UploadLayerPart', times, fault: forget });
    if (recreates) {
      faults.add({ service: 'lambda', operation: 'InitiateLayerUpload', meanwhile: () => this.#deleteRepository() });
    }
    if (goneBefore) faults.add({ service: 'lambda', operation: goneBefore, meanwhile: () => this.#deleteTarball(key) });
  }

  async #start(key: string): Promise<EndedPush> {
    const dropped = await this.slipway.drop(key, this.#tarball(), {
      'slipway-repository': this.#repository,
      'slipway-tags': key.replace(/\D/g, ''),
      ...(this.situation.deep ? { 'slipway-verify': 'deep' } : {}),
    });
    if (!this.situation.newest) return dropped;
    const source = { bucket: this.slipway.cloud.dropBucket, key };
    return this.slipway.startExecution({ source, repository: this.#repository, tags: ['newest'] });
  }

  #tarball(): Uint8Array {
    const { tarball, compressed, large } = this.situation;
    const size = large ? 2 * LARGEST_PACKED : 5_000;
    const seed = 1000 + SituationPushes.#seed;
    if (tarball === 'no tar') return Buffer.from('<!doctype html><html></html>');
    const bytes = {
      layout: () => ociLayout({ seed, size: 5_000 }).tarball,
      'inline layout': () => inlineLayout(seed),
      'docker archive': () => dockerArchive({ layers: 1, seed, size }).tarball,
      'damaged layout': () => damagedLayout(seed),
    }
      [tarball]()
      .toBuffer();
    return compressed ? gzipSync(bytes) : bytes;
  }

  #deleteRepository(): Promise<unknown> {
    return this.slipway.ecr.send(new DeleteRepositoryCommand({ repositoryName: this.#repository, force: true }));
  }

  async #deleteTarball(Key: string): Promise<void> {
    const Bucket = this.slipway.cloud.dropBucket;
    const { VersionId } = await this.slipway.s3.send(new HeadObjectCommand({ Bucket, Key }));
    await this.slipway.s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
  }

  async #endOf({ executionArn, status }: EndedPush): Promise<End> {
    const described = await this.slipway.sfn.send(new DescribeExecutionCommand({ executionArn }));
    const events = await this.slipway.history(executionArn);
    const count = (type: RegExp) => events.filter((event) => type.test(event.type ?? '')).length;
    const retries = count(/^(Task|LambdaFunction)Scheduled$/) - count(/^TaskStateEntered$/);
    const { error = '', cause = '' } = described;
    if (status === 'SUCCEEDED') return { status, retries };
    // DiagnoseFailure may be the one that fails: then the error is diagnosed as it stands.
    const failure = {
      step: '',
      executionArn,
      execution: '',
      request: undefined,
      error: { Error: error, Cause: cause },
    };
    return { status, diagnosis: diagnose(failure), retries };
  }
}

/** A layout whose layer no entry holds, but the descriptor in the manifest. */
function inlineLayout(seed: number) {
  const builder = new OciLayoutBuilder();
  const image = builder.image({ seed, size: 5_000 });
  const manifest = JSON.parse(builder.bytesOf(image).toString()) as { layers: [{ digest: string }] };
  const [layer] = manifest.layers;
  const layers = [{ ...layer, data: builder.bytesOf(layer).toString('base64') }];
  const root = builder.blob(image.mediaType, JSON.stringify({ ...manifest, layers }));
  return builder.tarball([root], { without: [layer.digest, image.digest] });
}

function damagedLayout(seed: number) {
  const builder = new OciLayoutBuilder();
  const image = builder.image({ seed, size: 5_000 });
  const [layer] = (JSON.parse(builder.bytesOf(image).toString()) as { layers: [{ digest: string }] }).layers;
  const damaged = Buffer.from(builder.bytesOf(layer).map((byte, at) => (at === 2_000 ? byte ^ 1 : byte)));
  const extra = [file(`blobs/sha256/${hexOf(layer.digest)}`, damaged)];
  return builder.tarball([image], { without: [layer.digest], extra });
}
