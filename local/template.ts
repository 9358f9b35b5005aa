import { createHash } from 'node:crypto';

/** A CloudFormation template as synthesized: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html */
export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>;
}

interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** Where a template is deployed. */
export interface Place {
  readonly stackName: string;
  readonly accountId: string;
  readonly region: string;
}

/** A template with its references resolved, as a deployment would. */
export interface Deployment {
  /** Resources of one type, by logical id, references resolved. */
  resources(type: string): { logicalId: string; name: string; arn: string; properties: Record<string, unknown> }[];
  readonly outputs: Readonly<Record<string, string>>;
}

/** Gives every resource a physical name and resolves Ref, Fn::GetAtt, Fn::Join, Fn::Split, Fn::Sub and Fn::Select. */
export function deploy(template: Template, place: Place): Deployment {
  const resolve = resolver(template, place);
  const outputs = Object.entries(template.Outputs ?? {}).map(([name, { Value }]) => [name, String(resolve(Value))]);
  return {
    outputs: Object.fromEntries(outputs),
    resources: (type) =>
      Object.entries(template.Resources)
        .filter(([, resource]) => resource.Type === type)
        .map(([logicalId, { Properties = {} }]) => ({
          logicalId,
          name: physicalName(logicalId, type, place),
          arn: arnOf(logicalId, type, place),
          properties: resolve(Properties) as Record<string, unknown>,
        })),
  };
}

type Resolve = (value: unknown) => unknown;

function resolver(template: Template, place: Place): Resolve {
  const typeOf = (logicalId: string) => {
    const type = template.Resources[logicalId]?.Type;
    if (type) return type;
    throw new Error(`the template refers to ${logicalId}, which it does not have`);
  };
  const reference = (name: string) =>
    pseudoParameter(name, place) ?? givenName(template, name) ?? referenceTo(name, typeOf(name), place);
  const attribute = (logicalId: string, name: string) => {
    if (name === 'Arn') return arnOf(logicalId, typeOf(logicalId), place);
    if (name === 'Name' || name === 'QueueName') return physicalName(logicalId, typeOf(logicalId), place);
    if (name === 'RegionalDomainName') {
      return `${physicalName(logicalId, typeOf(logicalId), place)}.s3.${place.region}.amazonaws.com`;
    }
    if (name === 'RootResourceId') return `${physicalName(logicalId, typeOf(logicalId), place)}-root`;
    throw new Error(`the template asks for ${logicalId}.${name}, which the local AWS does not have`);
  };
  const resolve: Resolve = (value) => {
    if (Array.isArray(value)) return value.map(resolve);
    if (typeof value !== 'object' || value === null) return value;
    const [[key, argument] = ['', undefined], ...more] = Object.entries(value);
    if (more.length === 0) {
      if (key === 'Ref') return reference(String(argument));
      if (key === 'Fn::GetAtt') return attribute(...(argument as [string, string]));
      if (key === 'Fn::Join') return join(resolve(argument) as [string, unknown[]]);
      if (key === 'Fn::Sub') return substitute(String(argument), reference, attribute);
      if (key === 'Fn::Split') return split(resolve(argument) as [string, string]);
      if (key === 'Fn::Select') return select(resolve(argument) as [number, unknown[]]);
    }
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, resolve(inner)]));
  };
  return resolve;
}

function join([separator, parts]: [string, unknown[]]): string {
  return parts.map(String).join(separator);
}

function split([separator, text]: [string, string]): string[] {
  return text.split(separator);
}

function select([index, values]: [number, unknown[]]): unknown {
  return values[Number(index)];
}

function substitute(
  text: string,
  reference: (name: string) => string,
  attribute: (id: string, name: string) => string,
): string {
  return text.replace(/\$\{([^}]+)\}/g, (_, name: string) => {
    const [id = '', member] = name.split('.');
    return member === undefined ? reference(id) : attribute(id, member);
  });
}

function pseudoParameter(name: string, { stackName, accountId, region }: Place): string | undefined {
  const values: Record<string, string> = {
    'AWS::AccountId': accountId,
    'AWS::Region': region,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': stackName,
  };
  return values[name];
}

// Of these Ref gives the name that the template itself gives them.
function givenName({ Resources }: Template, logicalId: string): string | undefined {
  const { Type = '', Properties = {} } = Resources[logicalId] ?? {};
  return Type === 'AWS::ApiGateway::Stage' ? String(Properties.StageName) : undefined;
}

// What Ref gives is the resource's own choice: a name, an ARN or a URL.
function referenceTo(logicalId: string, type: string, place: Place): string {
  return type === 'AWS::StepFunctions::StateMachine' || type === 'AWS::SNS::Topic'
    ? arnOf(logicalId, type, place)
    : physicalName(logicalId, type, place);
}

function physicalName(logicalId: string, type: string, { stackName }: Place): string {
  const name = `${stackName}-${logicalId}`;
  // It stands in addresses, and its clients know ten letters and digits.
  if (type === 'AWS::ApiGateway::RestApi') return createHash('sha256').update(name).digest('hex').slice(0, 10);
  return type === 'AWS::S3::Bucket' ? name.toLowerCase().slice(0, 63) : name;
}

function arnOf(logicalId: string, type: string, place: Place): string {
  const name = physicalName(logicalId, type, place);
  const { region, accountId } = place;
  switch (type) {
    case 'AWS::S3::Bucket':
      return `arn:aws:s3:::${name}`;
    case 'AWS::Lambda::Function':
      return `arn:aws:lambda:${region}:${accountId}:function:${name}`;
    case 'AWS::StepFunctions::StateMachine':
      return `arn:aws:states:${region}:${accountId}:stateMachine:${name}`;
    case 'AWS::SQS::Queue':
      return `arn:aws:sqs:${region}:${accountId}:${name}`;
    case 'AWS::SNS::Topic':
      return `arn:aws:sns:${region}:${accountId}:${name}`;
    case 'AWS::Events::Rule':
      return `arn:aws:events:${region}:${accountId}:rule/${name}`;
    case 'AWS::KMS::Key':
      return `arn:aws:kms:${region}:${accountId}:key/${name}`;
    case 'AWS::Logs::LogGroup':
      return `arn:aws:logs:${region}:${accountId}:log-group:${name}:*`;
    default:
      return `arn:aws:iam::${accountId}:role/${name}`;
  }
}
