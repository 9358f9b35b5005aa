import type { FunctionSpec } from './functions';
import type { Assembly } from './synthesize';
import type { Deployment } from './template';

/** The functions of a template, each with the folder of its bundle. */
export function functionSpecs(deployment: Deployment, { assetDir }: Assembly): FunctionSpec[] {
  return deployment.resources('AWS::Lambda::Function').map(({ name, arn, properties }) => {
    const { Code, Handler, MemorySize, Timeout, Environment } = properties as {
      Code: { S3Key: string };
      Handler: string;
      MemorySize?: number;
      Timeout?: number;
      Environment?: { Variables?: Record<string, string> };
    };
    return {
      name,
      arn,
      codeDir: assetDir(Code.S3Key),
      handler: Handler,
      memorySize: MemorySize ?? 128,
      timeout: Timeout ?? 3,
      environment: { ...Environment?.Variables, AWS_ACCESS_KEY_ID: functionKeyId(name) },
    };
  });
}

/** What the calls of a function are signed with: a key id that says whose it is. */
export function functionKeyId(functionName: string): string {
  return functionName;
}

/** Physical function name to step: CloudFormation's names are for machines, the description says which step it is. */
export function stepNames(deployment: Deployment): ReadonlyMap<string, string> {
  const functions = deployment.resources('AWS::Lambda::Function');
  return new Map(functions.map(({ name, properties }) => [name, String(properties.Description).replace(/^.*: /, '')]));
}
