import type { IncomingMessage, ServerResponse } from 'node:http';
import { XMLBuilder } from 'fast-xml-parser';
import type { Place } from './template';

const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@' });

/**
 * The two calls of the AWS Query protocol that clients of a deployed Slipway make: CloudFormation DescribeStacks, which
 * tells where things are, and STS GetCallerIdentity, which tells who one is.
 */
export function queryApi(place: Place, outputs: Readonly<Record<string, string>>) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const form = new URLSearchParams(await textOf(request));
    const action = form.get('Action') ?? '';
    const stack = form.get('StackName');
    if (action === 'GetCallerIdentity') return answer(response, 200, identity(place));
    if (action !== 'DescribeStacks') {
      return answer(response, 400, failure('InvalidAction', `The local AWS has no action ${action}`));
    }
    if (stack !== null && stack !== place.stackName) {
      return answer(response, 400, failure('ValidationError', `Stack with id ${stack} does not exist`));
    }
    return answer(response, 200, description(place, outputs));
  };
}

function identity({ accountId }: Place): object {
  return {
    GetCallerIdentityResponse: {
      '@xmlns': 'https://sts.amazonaws.com/doc/2011-06-15/',
      GetCallerIdentityResult: { Arn: `arn:aws:iam::${accountId}:root`, UserId: accountId, Account: accountId },
    },
  };
}

function description({ stackName, region, accountId }: Place, outputs: Readonly<Record<string, string>>): object {
  const member = Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue }));
  return {
    DescribeStacksResponse: {
      '@xmlns': 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
      DescribeStacksResult: {
        Stacks: {
          member: {
            StackName: stackName,
            StackId: `arn:aws:cloudformation:${region}:${accountId}:stack/${stackName}/local`,
            CreationTime: new Date(0).toISOString(),
            StackStatus: 'CREATE_COMPLETE',
            Outputs: { member },
          },
        },
      },
    },
  };
}

function failure(Code: string, Message: string): object {
  return { ErrorResponse: { Error: { Type: 'Sender', Code, Message }, RequestId: 'local' } };
}

function answer(response: ServerResponse, status: number, document: object): void {
  response.writeHead(status, { 'Content-Type': 'text/xml' }).end(builder.build(document));
}

async function textOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString('utf8');
}
