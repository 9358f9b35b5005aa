import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withConfig } from '../contract/page-config';
import type { ApiReply } from './wiring/operation';
import { variable } from './wiring/step';

// It lies beside the handler, in one document: lib/bundle-page.ts.
const html = readFileSync(join(__dirname, 'page.html'), 'utf8');

/** GET /page: the page that drops tarballs and shows pushes. It holds no secret; what it does, it asks the API for, signed. */
export const handler = async (): Promise<ApiReply> => ({
  statusCode: 200,
  headers: {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': policy(),
    'Strict-Transport-Security': 'max-age=63072000',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
  },
  body: withConfig(html, { api: './', region: process.env.AWS_REGION ?? '' }),
});

/** Nothing runs but the script that is in it, and nothing is sent but to the API and to the drop bucket. */
function policy(): string {
  return [
    "default-src 'none'",
    `script-src ${hashOf('script')}`,
    `style-src ${hashOf('style')}`,
    'img-src data:',
    `connect-src 'self' ${variable('SLIPWAY_UPLOAD_ORIGINS')}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** https://www.w3.org/TR/CSP3/#grammardef-hash-source */
function hashOf(tag: 'script' | 'style'): string {
  const [, text = ''] = html.split(`<${tag}>`, 2);
  const [inner = ''] = text.split(`</${tag}>`, 1);
  return `'sha256-${createHash('sha256').update(inner).digest('base64')}'`;
}
