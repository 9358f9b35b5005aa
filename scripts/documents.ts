import { z } from 'zod';
import { Notice } from '../lambda/contract/notice';

/** The documents that are made of the code, by their place in the repository; `npm run docs` writes them. */
export const DOCUMENTS: Readonly<Record<string, () => string>> = {
  'docs/notice.schema.json': noticeSchema,
};

function noticeSchema(): string {
  const schema = {
    ...z.toJSONSchema(Notice, { io: 'input' }),
    title: 'detail of the events "Image Pushed" and "Image Push Failed" of the source "slipway"',
  };
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}
