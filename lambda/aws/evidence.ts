import type { Evidence } from '../contract/finding';
import { denialIn } from '../upload/denial';

/**
 * What an error of the SDK tells of the call that it ended.
 * @param call what was tried, such as `s3:GetObject on s3://bucket/key`
 */
export function evidenceOf(error: unknown, call: string): Evidence {
  const { message = '', kmsError, host, hostname } = error as Facts;
  const [action = '', subject] = call.split(' on ');
  const [, object] = /^s3:\/\/(.+)$/.exec(subject ?? '') ?? [];
  const [, repository] = /^repository\/(.+)$/.exec(subject ?? '') ?? [];
  const [, registry] = /registry with id '(\d{12})'/.exec(message) ?? [];
  const facts = {
    action,
    resource: object && `arn:${partition()}:s3:::${object}`,
    repository,
    registry,
    host: host ?? hostname,
    kmsError,
    ...denialIn(message),
  };
  const known = Object.entries(facts).filter((fact): fact is [string, string] => fact[1] !== undefined);
  return Object.fromEntries(known);
}

interface Facts {
  readonly message?: string;
  readonly kmsError?: string;
  /** See note-host.ts. */
  readonly host?: string;
  /** Of an error of DNS. */
  readonly hostname?: string;
}

function partition(): string {
  const [, special] = /^(cn|us-gov)-/.exec(process.env.AWS_REGION ?? '') ?? [];
  return special === undefined ? 'aws' : `aws-${special}`;
}
