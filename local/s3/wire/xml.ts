import { XMLBuilder, XMLParser, XMLValidator } from 'fast-xml-parser';
import { S3Error } from './s3-error';

// `undefined` leaves the element out, a list repeats it.
type XmlValue = string | number | boolean | undefined | XmlElement | readonly XmlValue[];
/** Content of an element: its children by name. */
export interface XmlElement {
  readonly [name: string]: XmlValue;
}

/** Writes one S3 answer; `bare` leaves the namespace out, as in error bodies. */
export function writeXml(root: string, content: XmlElement | string, bare = false): string {
  const element = typeof content === 'string' ? { '#text': content } : withoutAbsent(content);
  const attributes = bare ? {} : { '@xmlns': 'http://s3.amazonaws.com/doc/2006-03-01/' };
  return BUILDER.build({
    '?xml': { '@version': '1.0', '@encoding': 'UTF-8' },
    [root]: { ...attributes, ...element },
  });
}

/** One element of a request body: text and children by name. */
export interface ParsedElement {
  text(name: string): string | undefined;
  children(name: string): ParsedElement[];
}

/** Reads a request body whose root is `root`. MalformedXML where it is not. */
export function readXml(body: Buffer, root: string): ParsedElement {
  const source = body.toString('utf8');
  if (XMLValidator.validate(source) !== true) throw new S3Error('MalformedXML');
  const document: unknown = PARSER.parse(source);
  if (!isRecord(document) || !(root in document)) throw new S3Error('MalformedXML');
  return parsedElement(document[root]);
}

const BUILDER = new XMLBuilder({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  processEntities: false,
  suppressBooleanAttributes: false,
  tagValueProcessor: (_name, value) => escapeText(String(value)),
});

// Values stay text, and entities are read below: the library drops references to control characters, which keys may hold.
const PARSER = new XMLParser({
  parseTagValue: false,
  trimValues: false,
  processEntities: false,
  removeNSPrefix: true,
  tagValueProcessor: (_name, value) => decodeText(value),
});

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function escapeText(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/[^\P{Cc}\t\n]/gu, (control) => `&#x${(control.codePointAt(0) ?? 0).toString(16)};`);
}

function decodeText(text: string): string {
  return text.replace(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w+));/gi,
    (whole, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) return ENTITIES[name] ?? whole;
      const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      if (point > 0x10ffff) throw new S3Error('MalformedXML');
      return String.fromCodePoint(point);
    },
  );
}

function withoutAbsent(value: XmlElement): XmlElement {
  const present = Object.entries(value).filter(([, child]) => child !== undefined);
  return Object.fromEntries(present.map(([name, child]) => [name, presentOnly(child)]));
}

function presentOnly(value: XmlValue): XmlValue {
  if (Array.isArray(value)) return value.map(presentOnly);
  return typeof value === 'object' ? withoutAbsent(value as XmlElement) : value;
}

function parsedElement(value: unknown): ParsedElement {
  const content = isRecord(value) ? value : {};
  return {
    text: (name) => {
      const child = content[name];
      return typeof child === 'string' ? child : undefined;
    },
    children: (name) => {
      const child = content[name];
      if (child === undefined) return [];
      return (Array.isArray(child) ? child : [child]).map(parsedElement);
    },
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
