import { destinationsFor } from '../../../lambda/image/destination';
import { digestOf, hexOf } from '../../support/image-parts';
import { type BuiltDescriptor, named, OciLayoutBuilder } from '../../support/oci-layout-builder';
import { imagesIn } from '../../support/read-tarball';
import type { Tarball } from '../../support/tar-writer';

const HELM_CONFIG = 'application/vnd.cncf.helm.config.v1+json';
const tagOf = ({ digest }: BuiltDescriptor, suffix: string) => `sha256-${hexOf(digest)}.${suffix}`;
const ofKind = (descriptor: BuiltDescriptor, kind: string, full: string) => {
  const { annotations, ...rest } = named(descriptor, { full });
  return { ...rest, annotations: { ...(annotations as object), kind } };
};

/** Where the images of a tarball go, as `digest repository:tags`. */
async function placesIn(tarball: Tarball, key: string): Promise<string[]> {
  const { images } = await imagesIn(tarball);
  const drops = [{ prefix: '', repositories: ['*'] }];
  return destinationsFor({ images, key, request: {}, metadata: {}, drops }).map(({ image, repository, tags }) => {
    const root = images[image]?.manifests.at(-1);
    return `${root && 'digest' in root ? root.digest : ''} ${repository}:${tags.join(',')}`;
  });
}

function chart(builder: OciLayoutBuilder, version = '1'): BuiltDescriptor {
  const config = builder.blob(HELM_CONFIG, JSON.stringify({ name: 'chart', version }));
  const layers = [builder.blob('application/vnd.cncf.helm.chart.content.v1.tar+gzip', `chart ${version}`)];
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  return builder.blob(mediaType, JSON.stringify({ schemaVersion: 2, mediaType, config, layers }));
}

describe('a cosign signature by tag', () => {
  test('goes where its image goes, under its own tag, and leaves the image the only one', async () => {
    const builder = new OciLayoutBuilder();
    const image = builder.image();
    const tags = ['sig', 'att', 'sbom'].map((suffix) => tagOf(image, suffix));
    const beside = tags.map((tag, at) => named(builder.image({ seed: 10 + at }), { full: `ghcr.io/team/app:${tag}` }));
    const roots = [...beside, named(image, { full: 'ghcr.io/team/app:1' })];
    expect(await placesIn(builder.tarball(roots), 'team-a/app/2.tar')).toEqual([
      `${image.digest} team-a/app:2`,
      ...beside.map(({ digest }, at) => `${digest} team-a/app:${tags[at]}`),
    ]);
  });

  test('of a platform inside an index goes where the index goes', async () => {
    const builder = new OciLayoutBuilder();
    const children = [1, 2].map((seed) => builder.image({ seed, platform: `linux/a${seed}` }));
    const index = builder.index(children);
    const tag = tagOf(children[1] as BuiltDescriptor, 'sig');
    const signature = named(builder.image({ seed: 9 }), { ref: tag });
    expect(await placesIn(builder.tarball([signature, index]), 'app/1.tar')).toEqual([
      `${index.digest} app:1`,
      `${signature.digest} app:${tag}`,
    ]);
  });

  test.each(['dev.cosignproject.cosign', 'dev.hauler'])(
    'saved under the name of its image, by %s, gets its tag',
    async (by) => {
      const builder = new OciLayoutBuilder();
      const [one, other] = [builder.image(), builder.image({ seed: 2 })];
      const [signature, sbom] = [builder.image({ seed: 3 }), builder.image({ seed: 4 })];
      const referrer = builder.referrer(other);
      const roots = [
        ofKind(one, `${by}/image`, 'docker.io/library/one:1'),
        ofKind(signature, `${by}/sigs`, 'docker.io/library/one:1'),
        ofKind(other, `${by}/imageIndex`, 'ghcr.io/team/other:2'),
        ofKind(sbom, `${by}/sboms`, 'ghcr.io/team/other:2'),
        ofKind(referrer, `${by}/referrers/${hexOf(referrer.digest)}`, 'ghcr.io/team/other:2'),
      ];
      expect(await placesIn(builder.tarball(roots), 'haul.tar')).toEqual([
        `${one.digest} one:1`,
        `${other.digest} team/other:2`,
        `${signature.digest} one:${tagOf(one, 'sig')}`,
        `${sbom.digest} team/other:${tagOf(other, 'sbom')}`,
        `${referrer.digest} team/other:`,
      ]);
    },
  );
});

describe('a referrer whose subject is not in the tarball', () => {
  const elsewhere: BuiltDescriptor = { mediaType: 'application/example', digest: digestOf('elsewhere'), size: 9 };

  test('is left out beside an image, with a note', async () => {
    const builder = new OciLayoutBuilder();
    const image = builder.image();
    const beside = [builder.referrer(elsewhere), named(builder.image({ seed: 2 }), { ref: tagOf(elsewhere, 'sig') })];
    const { images, notes, blobs } = await imagesIn(builder.tarball([...beside, image]));
    expect(images.map(({ name }) => name)).toEqual([image.digest]);
    expect(blobs).toHaveLength(2);
    for (const { digest } of beside) expect(notes).toContainEqual(expect.stringMatching(`^Left out.*${digest}`));
  });

  test('is pushed where there is no image, and what refers to it with it', async () => {
    const builder = new OciLayoutBuilder();
    const referrer = builder.referrer(elsewhere);
    const countersigned = builder.referrer(referrer, 'countersigned');
    const { images, notes } = await imagesIn(builder.tarball([countersigned, referrer]));
    expect(images.map(({ subject }) => subject)).toEqual([undefined, 0]);
    expect(notes).toEqual([expect.stringContaining(elsewhere.digest)]);
  });
});

describe('an artifact that is no image', () => {
  test('such as a Helm chart is pushed as it is, under its own name beside images', async () => {
    const builder = new OciLayoutBuilder();
    const roots = [named(builder.image(), { full: 'app:1' }), named(chart(builder), { full: 'charts/app:1' })];
    expect(await placesIn(builder.tarball(roots), 'x/all.tar')).toEqual([
      `${roots[0]?.digest} x/app:1`,
      `${roots[1]?.digest} x/charts/app:1`,
    ]);
  });

  test('is pushed where it is alone in the tarball, named or not', async () => {
    const builder = new OciLayoutBuilder();
    const root = chart(builder);
    expect(await placesIn(builder.tarball([root]), 'charts/app/1.tar')).toEqual([`${root.digest} charts/app:1`]);
  });

  test.each([undefined, 'hauler/README.md:latest'])(
    'is left out beside images, with a note, where its name is %s',
    async (name) => {
      const builder = new OciLayoutBuilder();
      const image = builder.image();
      const artifact = name === undefined ? chart(builder) : named(chart(builder), { full: name });
      const { images, notes } = await imagesIn(builder.tarball([artifact, image]));
      expect(images.map(({ name: shown }) => shown)).toEqual([image.digest]);
      expect(notes).toContainEqual(expect.stringContaining(artifact.digest));
    },
  );
});
