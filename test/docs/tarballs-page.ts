import { SECTIONS } from '../fixtures';
import type { Fixture } from '../fixtures/fixture';

/** docs/tarballs.md: what is taken and what is refused, from the fixtures that `npm run test:tarballs` pushes. */
export function tarballsPage(): string {
  const sections = SECTIONS.map(([title, fixtures]) => `## ${title}\n\n${tableOf(fixtures)}`);
  return `${[HEAD, ...sections].join('\n\n')}\n`;
}

const HEAD = `# Tarballs we take

Written by \`npm run docs\` from the fixtures that \`npm run test:tarballs\` pushes, pulls back and compares, one for each
producer, trap and defect. \`slipway inspect\` tells the same of a tarball of your own. What is refused names its error:
the [runbook](runbook.md) has a section for each.`;

function tableOf(fixtures: readonly Fixture[]): string {
  const rows = fixtures.map(({ name, make }) => `| ${escaped(name)} | ${escaped(resultOf(make().expected))} |`);
  return ['| tarball | what comes of it |', '|---|---|', ...rows].join('\n');
}

function resultOf(expected: ReturnType<Fixture['make']>['expected']): string {
  if ('error' in expected) return `refused: [${expected.error}](runbook.md#${expected.error.toLowerCase()})`;
  const images = `${expected.images.length} ${expected.images.length === 1 ? 'image' : 'images'} pushed`;
  const kept = expected.images.every(({ digest }) => digest !== undefined) ? ', digests as in the tarball' : '';
  const failed = (expected.failed ?? []).map(({ error }) => `, one set aside: ${error}`).join('');
  return `${images}${kept}${failed}`;
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|');
}
