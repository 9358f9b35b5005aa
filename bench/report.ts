import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { barChart } from './bar-chart';
import { functionTable } from './function-table';
import { goalTable } from './goals';
import type { BenchResults } from './main';
import { scenarioTable } from './scenario-table';

const DOCS = join(__dirname, '..', 'docs');
const RESULTS = join(__dirname, 'results');

/** Writes docs/performance.md and its plot out of the results that lie in bench/results: the full run, else the quick one. */
export function writeReport(): void {
  const file = ['full.json', 'quick.json'].map((name) => join(RESULTS, name)).find((path) => existsSync(path));
  if (file === undefined) throw new Error(`no results in ${RESULTS}: run npm run bench`);
  const results = JSON.parse(readFileSync(file, 'utf8')) as BenchResults;
  writeFileSync(join(DOCS, 'performance-cpu.svg'), cpuPlot(results));
  writeFileSync(join(DOCS, 'performance.md'), page(results));
}

function page(results: BenchResults): string {
  const { quick, when, machine, tools, missing, cold, sideBySide, goals, functions, peaks } = results;
  const command = quick ? 'npm run bench -- --quick' : 'npm run bench';
  const place = Object.entries(machine).map(([name, value]) => `${name} ${value}`);
  return [
    '# Performance',
    `Written by \`${command}\` out of \`bench/results\`; ${when.slice(0, 10)}, ${place.join(', ')}; against ${tools.join(', ')}.`,
    'All tools push the same archive, in turn, to the same registry process on loopback. Slipway is its own functions, each in a process of its own, with the archive in the S3 of the local AWS; CPU is that of the functions, or of the tool and its children, and not of the emulators. With a load above the number of processors only ratios of CPU mean something, and those roughly; wall times do not.',
    `The functions are warm: the first two small pushes, which start all of them, took ${cold.cpuSeconds.toFixed(1)} s of CPU.`,
    '![CPU of each tool, by scenario](performance-cpu.svg)',
    '## Goals',
    goalTable(goals),
    LIMITS,
    compressed(results),
    '## Functions',
    FUNCTIONS,
    functionTable(functions, peaks),
    '## Side by side',
    ...sideBySide.map(scenarioTable),
    ...(missing.length === 0 ? [] : ['Not measured:', missing.map((each) => `- ${each}`).join('\n')]),
    '',
  ].join('\n\n');
}

function compressed({ compression: { ours, zlib } }: BenchResults): string {
  const times = (ours.cpuMsPerMib / zlib.cpuMsPerMib).toFixed(1);
  return `A block of a plain layer takes ${times} × the CPU of the zlib inside Node at level 1, and becomes ${(ours.sizeRatio / zlib.sizeRatio).toFixed(2)} × as large.`;
}

const FUNCTIONS =
  'Loading is what a cold start adds to that of Node. The peak is of the whole process, Node included, over all pushes of this run; a young generation grows with the memory size, so a function with room uses some.';

const LIMITS = `What stands in the way of the goals that are not met:

- The API of ECR takes a part as base64 in JSON, under a signature that needs its SHA-256: a third more bytes to write, to hash and to send than the docker protocol has, which the other tools speak. And Slipway's bytes come out of S3 through a socket, theirs out of a file.
- By default a layer is read and compared with its digest before the first upload ([decision 3](decisions/0003-verify-before-the-first-upload.md)), so it is read twice; \`verify: "by-ecr"\` reads it once.
- Plain layers are compressed by zlib as WebAssembly, for the same bytes on every machine ([decision 2](decisions/0002-deterministic-gzip.md)).
- A push is some fifteen steps of a state machine, each with its documents in S3: of an image that is there already, that is all there is to pay, whatever its size.`;

function cpuPlot({ sideBySide }: BenchResults): string {
  const groups = sideBySide.map(({ name, rows }) => ({
    name,
    bars: rows.map(({ tool, cpuSeconds }) => ({ name: tool, value: cpuSeconds })),
  }));
  return barChart('CPU seconds', groups);
}
