import { type Command, InvalidArgumentError, Option } from 'commander';
import { LayerCompression, PushRequest, type ReadOptions, Verify } from '../lambda/contract/push-request';
import { CommandError } from './command-error';

/** What the command line says of how a tarball is read and pushed: the fields of a push request. */
export type RequestOptions = ReadOptions & Pick<PushRequest, 'verify' | 'registryId'>;

/** Adds the options that say how a tarball is read. */
export function addReadOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--missing <how>', 'what becomes of an image that the tarball does not hold whole').choices([
        'strict',
        'drop',
        'only',
      ]),
    )
    .option('--platforms <list>', 'with --missing only: such as linux/amd64,linux/arm64', commaList)
    .addOption(
      new Option('--layers <how>', 'plain layers: compressed first, or sent as they lie').choices([
        'compress',
        'preserve',
      ]),
    );
}

/** Adds all options that go into a push request. */
export function addRequestOptions(command: Command): Command {
  return addReadOptions(command)
    .addOption(new Option('--compression <how>', 'of plain layers').choices(LayerCompression.options))
    .addOption(new Option('--verify <how>', 'how layers are checked before they are in ECR').choices(Verify.options))
    .option('--registry-id <account>', 'account that owns the repositories, where it is another', accountId);
}

/** The request options of a command. CommandError where they contradict each other. */
export function requestOptions(options: RequestOptions): RequestOptions {
  const { missing, platforms, layers, compression, verify, registryId } = options;
  const all = { missing, platforms, layers, compression, verify, registryId };
  const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  // --platforms alone can mean one thing only.
  const asked = given.platforms && !given.missing ? { ...given, missing: 'only' } : given;
  const { success, error } = PushRequest.safeParse({ source: { bucket: 'any', key: 'any' }, ...asked });
  if (success) return asked;
  const [issue] = error.issues;
  const name = String(issue?.path[0] ?? '').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new CommandError(`--${name}: ${issue?.message}`, 'Read `slipway push --help`.');
}

function commaList(text: string): string[] {
  const list = text.split(',').map((one) => one.trim());
  if (list.every((one) => one !== '')) return list;
  throw new InvalidArgumentError('Write names with commas between them.');
}

function accountId(text: string): string {
  if (/^\d{12}$/.test(text)) return text;
  throw new InvalidArgumentError('An account has twelve digits.');
}
