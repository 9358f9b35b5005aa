import { bytes, shortDigest } from '../../lambda/contract/figures';
import { counted } from '../format';
import { problemLines } from '../problem';
import type { ContentLayer } from './image-contents';
import type { InspectedImage, Inspection } from './inspection';

/** What is in a tarball, in lines for people. */
export function inspectionReport(inspection: Inspection): string {
  const { tarball, size, compression, unpackedSize, images, problems, notes } = inspection;
  const outer = compression === undefined ? '' : `, ${compression}, ${bytes(unpackedSize ?? 0)} unpacked`;
  return [
    `tarball  ${tarball}, ${bytes(size)}${outer}`,
    ...images.flatMap((image) => ['', ...imageLines(image)]),
    ...problems.flatMap((problem) => ['', ...problemLines(problem)]),
    ...(notes.length === 0 ? [] : ['', ...notes.map((note) => `note     ${note}`)]),
  ].join('\n');
}

function imageLines(image: InspectedImage): string[] {
  const { name, names, digest, artifactType, platforms, layers, changed, subject, manifests } = image;
  const total = layers.reduce((sum, layer) => sum + layer.size, 0);
  const others = names.filter((other) => other !== name);
  return [
    `image    ${name}`,
    ...(others.length === 0 ? [] : [`names    ${others.join(', ')}`]),
    ...(digest === undefined ? [] : [`digest   ${digest}`]),
    ...(artifactType === undefined ? [] : [`artifact ${artifactType}`]),
    ...(subject === undefined ? [] : [`about    ${subject}`]),
    ...(platforms.length === 0 ? [] : [`platform ${platforms.join(', ')}`]),
    ...(manifests > 1 ? [`index    of ${counted(manifests - 1, 'manifest')}`] : []),
    `layers   ${layers.length}, ${bytes(total)}`,
    ...layers.map(layerLine),
    ...(changed === undefined ? [] : [`changed  ${changed}`]),
  ];
}

function layerLine({ digest, diffId = '', size, entry, compression }: ContentLayer): string {
  const plain = digest === undefined ? 'plain tar, compressed first' : compression;
  return `  ${shortDigest(digest ?? diffId)}  ${bytes(size).padStart(10)}  ${plain.padEnd(7)}  ${entry}`;
}
