import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import * as z from 'zod';
import { Drop } from '../lambda/contract/drop';
import { OUTPUTS } from '../lambda/contract/outputs';
import type { Aws } from './aws';
import { CommandError } from './command-error';

/** Where a deployed Slipway is. */
export interface Deployed {
  readonly dropBucket: string;
  readonly stateMachineArn: string;
  /** Where staged layers and documents are; absent of a stack that does not tell, as are the next two. */
  readonly workBucket?: string;
  /** Who may push where, and what is created for it. */
  readonly drops?: readonly Drop[];
  /** Accounts beside the own one whose registries may be pushed to. */
  readonly registries?: readonly string[];
}

/** Reads the outputs of the stack. Errors: CommandError when there is no such stack, or it is not Slipway's. */
export async function findDeployed({ cloudFormation }: Aws, stackName: string): Promise<Deployed> {
  const { Stacks = [] } = await cloudFormation
    .send(new DescribeStacksCommand({ StackName: stackName }))
    .catch((error: Error) => {
      // What is denied, or does not answer, says nothing of the stack.
      if (error.name !== 'ValidationError') throw error;
      throw new CommandError(
        `Slipway is not to be found: ${error.message}`,
        'Deploy it with `npx cdk deploy`, name its stack with --stack, or try it out with --local.',
      );
    });
  const outputs = new Map(Stacks[0]?.Outputs?.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
  const dropBucket = outputs.get(OUTPUTS.dropBucket);
  const stateMachineArn = outputs.get(OUTPUTS.stateMachineArn);
  const workBucket = outputs.get(OUTPUTS.workBucket);
  const drops = outputs.get(OUTPUTS.drops);
  const registries = outputs.get(OUTPUTS.registries);
  if (dropBucket && stateMachineArn) {
    return {
      dropBucket,
      stateMachineArn,
      ...(workBucket ? { workBucket } : {}),
      ...(drops ? { drops: z.array(Drop).parse(JSON.parse(drops)) } : {}),
      ...(registries ? { registries: z.array(z.string()).parse(JSON.parse(registries)) } : {}),
    };
  }
  throw new CommandError(
    `Stack ${stackName} has no outputs ${OUTPUTS.dropBucket} and ${OUTPUTS.stateMachineArn}`,
    'Name the stack that holds Slipway with --stack.',
  );
}
