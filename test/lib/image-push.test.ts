import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import validate from 'asl-validator';
import { Template } from 'aws-cdk-lib/assertions';
import { RETRY_POLICIES } from '../../lib/retry-policies';
import { sharedAssembly } from '../support/shared-assembly';

const GOLDEN = join(__dirname, 'image-push.asl.json');

const template = Template.fromJSON({ ...sharedAssembly().template });
const definition = definitionOf(template);

test('the workflow is the one in the golden file; UPDATE_GOLDEN=1 writes it anew', () => {
  if (process.env.UPDATE_GOLDEN) writeFileSync(GOLDEN, `${JSON.stringify(definition, null, 2)}\n`);
  expect(definition).toEqual(JSON.parse(readFileSync(GOLDEN, 'utf8')));
});

test('the golden file passes the validator of the Amazon States Language', () => {
  const { isValid, errorsText } = validate(JSON.parse(readFileSync(GOLDEN, 'utf8')));
  expect(isValid ? '' : errorsText()).toBe('');
});

test('the workflow is a Standard one, written in JSONata', () => {
  template.hasResourceProperties('AWS::StepFunctions::StateMachine', { StateMachineType: 'STANDARD' });
  expect(definition.QueryLanguage).toBe('JSONata');
});

test('every Task is tried again on what may pass, and only on that', () => {
  const tasks = statesOf(definition).filter(({ Type }) => Type === 'Task');
  const wanted = RETRY_POLICIES.map(({ errors }) => errors);
  expect(tasks.length).toBe(16);
  for (const { Retry } of tasks) expect(Retry?.map(({ ErrorEquals }) => ErrorEquals)).toEqual(wanted);
});

test("every failure is diagnosed: an image's own before the next image begins, the tarball's before the end", () => {
  const { States: inner = {} } = definition.States.PushImages?.ItemProcessor ?? {};
  expect(undiagnosed(inner, 'DiagnoseImage')).toEqual(['DiagnoseImage']);
  expect(undiagnosed(definition.States, 'DiagnoseFailure')).toEqual(['DiagnoseFailure']);
});

test('expressions stay one-line simple', () => {
  const expressions = JSON.stringify(definition).match(/\{%.*?%\}/g) ?? [];
  expect(expressions.filter((text) => text.length > 220 || text.includes('\\n'))).toEqual([]);
});

interface State {
  readonly Type: string;
  readonly Retry?: { readonly ErrorEquals: string[] }[];
  readonly Catch?: { readonly ErrorEquals: string[]; readonly Next: string }[];
  readonly ItemProcessor?: { readonly States: Record<string, State> };
}

interface Definition {
  readonly QueryLanguage: string;
  readonly States: Record<string, State>;
}

/** Names of the states that do something and whose failures do not all lead to `diagnosis`. */
function undiagnosed(states: Record<string, State>, diagnosis: string): string[] {
  const leadsThere = ({ Catch = [] }: State) =>
    Catch.some(({ Next, ErrorEquals }) => Next === diagnosis && ErrorEquals.includes('States.ALL'));
  return Object.entries(states)
    .filter(([, state]) => ['Task', 'Map'].includes(state.Type) && !leadsThere(state))
    .map(([name]) => name);
}

function statesOf({ States }: Pick<Definition, 'States'>): State[] {
  return Object.values(States).flatMap((state) => [
    state,
    ...(state.ItemProcessor ? statesOf(state.ItemProcessor) : []),
  ]);
}

/** The definition with the ARNs of functions replaced by their logical ids, which stay the same between releases. */
function definitionOf(of: Template): Definition {
  const [machine] = Object.values(of.findResources('AWS::StepFunctions::StateMachine'));
  const parts = machine?.Properties.DefinitionString['Fn::Join'][1] as unknown[];
  const text = parts.map((part) => {
    if (typeof part === 'string') return part;
    const { Ref, 'Fn::GetAtt': attribute } = part as { Ref?: string; 'Fn::GetAtt'?: [string, string] };
    return Ref === 'AWS::Partition' ? 'aws' : `arn:aws:lambda:us-east-1:000000000000:function:${attribute?.[0]}`;
  });
  return JSON.parse(text.join(''));
}
