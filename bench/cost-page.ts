import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LIST_PRICES } from '../lambda/upload/list-prices';
import type { ModelResults } from './model';
import { SCHEDULES } from './model/worker';

const PAGE = join(__dirname, '..', 'docs', 'cost.md');

/** Writes docs/cost.md out of what the model found. */
export function writeCostPage(results: ModelResults): void {
  const { when, drops } = results;
  const throttled = Object.values(drops.throttled).reduce((sum, calls) => sum + calls, 0);
  const page = [
    '# What a push costs',
    `Written by \`npm run bench:model\` on ${when.slice(0, 10)}. States, events, invocations, and reads and writes of S3 are counted by a law that pushes made on the local AWS are held against; seconds come of a model of the network. [Performance](performance.md) has what was measured beside other tools, and \`slipway plan image.tar\` tells the same of your own tarball before anything is sent.`,
    'Nothing costs anything while nobody pushes, but the bytes that lie in S3 and ECR.',
    '## One image',
    `Of ${results.costs[0]?.layers} layers of unequal size, none of which ECR has, each compared with its digest while it is sent.`,
    costTable(results),
    `At list prices of us-east-1, without free tiers: ${prices()}. Inside one region the bytes themselves cost nothing on their way; out of a VPC by a NAT gateway they do, and [endpoints](deploy.md) spare that.`,
    "A push of what is there already takes the states of an image and no layer. What is compressed takes a function with two processors as well (`StageLayer`), once for each layer, for as long as ECR takes it where it is large: later pushes find it, but for the second repository that a large one goes to. Not counted are storage (dropped tarballs until you delete them, staged layers for 30 days, images in ECR), logs, traces, metrics, alarms and the dashboard, which cost by the month and not by the push, and an API's requests.",
    '## Time',
    'The model has a function that sends and receives 600 Mbit/s, and an ECR that takes so long to commit a part. A share of 1.00 is a wire that never idles.',
    shareTable(results),
    '## A thousand drops in a minute',
    `${whole(drops.drops)} small images of six layers each, dropped within a minute into one account with the default quotas of ECR, are all pushed after ${Math.round(drops.seconds / 60)} minutes, ${drops.failed === 0 ? 'and none fails' : `and ${drops.failed} fail`}. ECR takes ten PutImage a second, which is what they wait for: ${whole(throttled)} calls are throttled and tried again, by the SDK and then by the workflow. ${drops.mostFunctions} functions run at once at most, of the 1,000 that an account has unless it asked for more.`,
    '',
  ];
  writeFileSync(PAGE, page.join('\n\n'));
}

function costTable({ costs }: ModelResults): string {
  const rows = costs.map(({ image, transitions, events, invocations, gbSeconds, reads, dollars }) => {
    const cells = [image, transitions, events, invocations, whole(gbSeconds), whole(reads)];
    return `| ${cells.join(' | ')} | $${dollars.toFixed(4)} |`;
  });
  const head =
    '| image | state transitions | events, of 25,000 | invocations | GB-seconds | reads of S3 | in all |\n|---|---|---|---|---|---|---|';
  return [head, ...rows].join('\n');
}

function prices(): string {
  const { transition, gbSecond, invocation, read, write } = LIST_PRICES;
  const thousand = (price: number) => `$${Number((price * 1000).toPrecision(3))}`;
  return [
    `${thousand(transition)} for a thousand [state transitions](https://aws.amazon.com/step-functions/pricing/)`,
    `$${gbSecond.toFixed(10)} for a [GB-second](https://aws.amazon.com/lambda/pricing/) on arm64 and ${thousand(invocation)} for a thousand invocations`,
    `${thousand(read)} and ${thousand(write)} for a thousand [reads and writes](https://aws.amazon.com/s3/pricing/)`,
  ].join(', ');
}

/** Of the schedule that is the default, for one layer and for as many as the costs are of. */
function shareTable({ makespans, costs }: ModelResults): string {
  const ofDefault = makespans.filter(({ schedule }) => schedule === SCHEDULES.at(-1)?.name);
  const gated = ofDefault.filter(
    ({ layers, shape }) => layers === 1 || (layers === costs[0]?.layers && shape === 'skewed'),
  );
  const latencies = [...new Set(gated.map(({ commitMs }) => commitMs))];
  const names = [...new Set(gated.map(nameOf))];
  const rows = names.map((name) => {
    const cells = latencies.map((ms) => {
      const one = gated.find((each) => nameOf(each) === name && each.commitMs === ms);
      return one ? `${one.seconds.toFixed(0)} s, ${one.ofLimit.toFixed(2)}` : '';
    });
    return `| ${[name, ...cells].join(' | ')} |`;
  });
  const head = ['image', ...latencies.map((ms) => `${ms} ms a part: seconds, share`)];
  return [`| ${head.join(' | ')} |`, `|${head.map(() => '---|').join('')}`, ...rows].join('\n');
}

function whole(count: number): string {
  return Math.round(count).toLocaleString('en');
}

function nameOf({ image, layers }: ModelResults['makespans'][number]): string {
  return `${image}, ${layers === 1 ? 'one layer' : `${layers} layers`}`;
}
