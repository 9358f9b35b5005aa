import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { barChart } from './bar-chart';
import { dockerShares } from './docker-shares';
import { functionTable } from './function-table';
import { goalTable } from './goals';
import type { BenchResults } from './main';
import { scenarioTable } from './scenario-table';

const DOCS = join(__dirname, '..', 'docs');
/** What the last run of everything found. */
export const FULL_RESULTS = join(__dirname, 'results', 'full.json');

/** Writes docs/performance.md and its plot out of the results of the last whole run. */
export function writeReport(): void {
  const results = JSON.parse(readFileSync(FULL_RESULTS, 'utf8')) as BenchResults;
  writeFileSync(join(DOCS, 'performance-cpu.svg'), cpuPlot(results));
  writeFileSync(join(DOCS, 'performance.md'), page(results));
}

function page(results: BenchResults): string {
  const { tools, cold, sideBySide, goals, functions, peaks } = results;
  const missing = results.missing.map((each) => each.replace(/:\d+\//, '/'));
  return [
    '# Performance',
    `Written out of \`bench/results\`, which ${origin(results)}; against ${tools.join(', ')}.`,
    'All tools push the same archive, in turn, to the same registry process on loopback. Slipway is its own functions, each in a process of its own, with the archive in the S3 of the local AWS; CPU is that of the functions, or of the tool and its children, and not of the emulators. As many layers are on their way at once as the machine has processors (`layerConcurrency`), for here the invocations share them. With a load above the number of processors only ratios of CPU mean something, and those roughly; wall times do not.',
    `The functions are warm: each archive is pushed once before it is measured. What starting them costs is in the table of functions; the first two small pushes took ${cold.cpuSeconds.toFixed(1)} s of CPU in all.`,
    '![CPU of each tool, by scenario](performance-cpu.svg)',
    '## Goals',
    goalTable(goals),
    limits(results),
    '## Functions',
    FUNCTIONS,
    functionTable(functions, peaks),
    '## Side by side',
    ...sideBySide.map(scenarioTable),
    ...(missing.length === 0 ? [] : ['Not measured:', missing.map((each) => `- ${each}`).join('\n')]),
    '',
  ].join('\n\n');
}

/** Where the CPU and the time go, and what the limit is where a goal is not met. */
export function limits(results: BenchResults): string {
  return [LIMITS, compressed(results), ...dockerShares(results), read(results)].join('\n\n');
}

function origin({ command, when, machine }: BenchResults): string {
  const place = Object.entries(machine).map(([name, value]) => `${name} ${value}`);
  return `\`${command}\` wrote on ${when.slice(0, 10)} (${place.join(', ')})`;
}

function compressed({ compression: { ours, zlib } }: BenchResults): string {
  const times = (ours.cpuMsPerMib / zlib.cpuMsPerMib).toFixed(1);
  return `A block of a plain layer takes ${times} × the CPU of the zlib inside Node at level 1, and becomes ${(ours.sizeRatio / zlib.sizeRatio).toFixed(2)} × as large.`;
}

function read({ reading: { stock, ours } }: BenchResults): string {
  return `Reading an object costs ${(ours / stock).toFixed(2)} × the CPU of the SDK alone, which gives every read of a socket fresh memory.`;
}

const FUNCTIONS =
  'Loading is what a cold start adds to that of Node. The peak is of the whole process, Node included, over all pushes of this run; a young generation grows with the memory size, so a function with room uses some.';

const LIMITS = `Where the CPU and the time go, and what the limit is where a goal is not met:

- A part: what is left to do is base64, SHA-256 and the socket, which the SDK has to do as well. By how much the ratio swings from run to run is the machine's load.
- Pass-through: the API of ECR takes a part as base64 in JSON, under a signature that needs its SHA-256. That is a third more bytes to write, to hash and to send than the docker protocol has, which the other tools speak, and Slipway's bytes come out of S3 through a socket, theirs out of a file. Each layer is read once, and compared with its digest on the way ([decision 3](decisions/0003-nothing-is-completed-before-all-is-verified.md)).
- Docker archives: plain layers are compressed by libdeflate as WebAssembly, for the same bytes on every machine ([decision 2](decisions/0002-deterministic-gzip.md)), and sent to ECR meanwhile, without a copy in S3 ([decision 20](decisions/0020-what-is-sent-early-is-copied-when-it-is-needed.md)). skopeo compresses by native code. The level is the lowest there is, and what was compressed before is stored; the size leaves no room for more. A build of the encoder with vector instructions would be the next thing to gain, and nobody publishes one. \`compression: "zstd"\` takes the native zstd of Node, for less CPU and smaller layers, where all that pull the image know it. Wall times have the emulators in them, which share the two processors with the functions here and not in AWS.
- A push is some fifteen steps of a state machine, each with its documents in S3: of an image that is there already, that is all there is to pay, whatever its size. So the ratio to a tool that reads the whole archive is the better, the larger the image.`;

function cpuPlot({ sideBySide }: BenchResults): string {
  const groups = sideBySide.map(({ name, rows }) => ({
    name,
    bars: rows.map(({ tool, cpuSeconds }) => ({ name: tool, value: cpuSeconds })),
  }));
  return barChart('CPU seconds', groups);
}
