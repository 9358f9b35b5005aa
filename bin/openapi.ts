import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openApi } from '../lib/openapi';
import { version } from '../package.json';

writeFileSync(join(__dirname, '..', 'docs', 'openapi.json'), `${JSON.stringify(openApi(version), null, 2)}\n`);
