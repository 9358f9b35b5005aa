import { z } from 'zod';
import { Notice } from '../lambda/contract/notice';
import { Receipt } from '../lambda/contract/receipt';

/** The documents that are made of the code, by their place in the repository; `npm run docs` writes them. */
export const DOCUMENTS: Readonly<Record<string, () => string>> = {
  'docs/notice.schema.json': () =>
    schemaOf(Notice, 'detail of the events "Image Pushed" and "Image Push Failed" of the source "slipway"'),
  'docs/receipt.schema.json': () => schemaOf(Receipt, 'receipt.json of a push, in the work bucket'),
};

function schemaOf(shape: z.ZodType, title: string): string {
  return `${JSON.stringify({ ...z.toJSONSchema(shape, { io: 'input' }), title }, undefined, 2)}\n`;
}
