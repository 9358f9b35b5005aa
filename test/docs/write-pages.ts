import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { commandLinePage } from './command-line-page';
import { constructPage } from './construct-page';
import { securityPage } from './security-page';
import { tarballsPage } from './tarballs-page';

const [folder = resolve(__dirname, '../../docs')] = process.argv.slice(2);

writeFileSync(join(folder, 'command-line.md'), commandLinePage());
writeFileSync(join(folder, 'tarballs.md'), tarballsPage());
writeFileSync(join(folder, 'construct.md'), constructPage());
writeFileSync(join(folder, 'security.md'), securityPage());
