import { ValidateStateMachineDefinitionCommand } from '@aws-sdk/client-sfn';
import { parseMachine } from '../../../local/states/definition/parse-machine';
import { closeAll, Emulator, machine, task } from './emulator';

afterEach(closeAll);

const done = { Type: 'Succeed' };
const pass = (more: Record<string, unknown>) => machine({ One: { Type: 'Pass', End: true, ...more } });
const inner = { StartAt: 'In', States: { In: { Type: 'Pass', End: true } } };

describe('a definition is refused', () => {
  test.each<[string, unknown, string]>([
    ['that is not JSON', 'not json', 'INVALID_JSON_DESCRIPTION'],
    [
      'without StartAt',
      { QueryLanguage: 'JSONata', States: { One: done } },
      'These fields are required: [StartAt] at /',
    ],
    ['that starts nowhere', machine({ One: done }, { StartAt: 'None' }), "Missing 'StartAt' target: None at /StartAt"],
    [
      'that leads nowhere',
      machine({ One: { Type: 'Pass', Next: 'None' } }),
      'Missing transition target: None at /States/One/Next',
    ],
    [
      'whose Catch leads nowhere',
      machine({ One: task({ Catch: [{ ErrorEquals: ['A'], Next: 'None' }] }) }),
      'at /States/One/Catch[0]/Next',
    ],
    [
      'with a state that nothing leads to',
      machine({ One: done, Two: done }),
      'State "Two" is not reachable. at /States/Two',
    ],
    ['with both Next and End', pass({ Next: 'One' }), "Exactly one of the fields 'Next' and 'End'"],
    ['with an unknown field', pass({ Result: 1 }), "Field 'Result' is not supported at /States/One/Result"],
    ['with a field of JSONPath', pass({ InputPath: '$' }), "Field 'InputPath' is not supported"],
    ['with an unknown type', machine({ One: { Type: 'Loop' } }), "Unknown state type 'Loop'"],
    ['in JSONPath', machine({ One: done }, { QueryLanguage: 'JSONPath' }), 'JSONata only'],
    ['without a query language', { StartAt: 'One', States: { One: done } }, 'JSONata only'],
    ['with a state in JSONPath', pass({ QueryLanguage: 'JSONPath' }), "'QueryLanguage' can not be 'JSONPath'"],
    ['with a broken expression', pass({ Output: '{% 1 + %}' }), "'1 +' does not parse: S0207"],
    ['with half an expression', pass({ Output: { a: '{% 1 ' } }), 'not enclosed in {% and %} at /States/One/Output/a'],
    ['with an unqualified name', pass({ Output: '{% name & 1 %}' }), "Unqualified field name 'name'"],
    ['with the whole context', pass({ Output: '{% $ %}' }), "'$' is not supported at the top level"],
    ['with $eval', pass({ Output: "{% $eval('1') %}" }), 'Function $eval is not supported'],
    [
      'that reads a result where there is none',
      pass({ Output: '{% $states.result %}' }),
      "Field '$states.result' is not available here",
    ],
    [
      'that reads an error outside a Catch',
      machine({ One: task({ Output: '{% $states.errorOutput %}' }) }),
      "'$states.errorOutput' is not available",
    ],
    ['that assigns $states', pass({ Assign: { states: 1 } }), "Variable name 'states' is reserved"],
    ['with a bad variable name', pass({ Assign: { 'a-b': 1 } }), "Variable name 'a-b' is not an identifier"],
    [
      'with another service',
      machine({ One: { Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage', End: true } }),
      'lambda:invoke and function ARNs only',
    ],
    [
      'with a callback',
      machine({ One: { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken', End: true } }),
      'waitForTaskToken',
    ],
    [
      'with States.ALL in company',
      machine({ One: task({ Retry: [{ ErrorEquals: ['States.ALL', 'A'] }] }) }),
      'States.ALL must stand alone',
    ],
    [
      'with States.ALL before others',
      machine({ One: task({ Retry: [{ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['A'] }] }) }),
      'must be the last rule',
    ],
    [
      'with an error the language does not have',
      machine({ One: task({ Retry: [{ ErrorEquals: ['States.Any'] }] }) }),
      "'States.Any' is no error",
    ],
    [
      'with a delay below its start',
      machine({ One: task({ Retry: [{ ErrorEquals: ['A'], IntervalSeconds: 5, MaxDelaySeconds: 5 }] }) }),
      'greater than IntervalSeconds',
    ],
    [
      'with a heartbeat above the timeout',
      machine({ One: task({ TimeoutSeconds: 5, HeartbeatSeconds: 5 }) }),
      'smaller than TimeoutSeconds',
    ],
    [
      'with a Wait for two things',
      machine({ One: { Type: 'Wait', Seconds: 1, Timestamp: '2026-01-01T00:00:00Z', End: true } }),
      "'Seconds' and 'Timestamp'",
    ],
    ['with a Choice of nothing', machine({ One: { Type: 'Choice', Choices: [] } }), 'At least one choice'],
    [
      'with a Condition of text',
      machine({ One: { Type: 'Choice', Choices: [{ Condition: 'yes', Next: 'One' }] } }),
      'a boolean or a JSONata expression',
    ],
    [
      'with a distributed Map',
      machine({
        One: {
          Type: 'Map',
          ItemProcessor: { ...inner, ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } },
          End: true,
        },
      }),
      "the mode is 'DISTRIBUTED'",
    ],
    [
      'with one name for two states',
      machine({ In: { Type: 'Map', ItemProcessor: inner, End: true } }),
      "State name 'In' is used more than once",
    ],
    [
      'that assigns an outer variable inside',
      machine({
        One: {
          Type: 'Map',
          Assign: { x: 1 },
          ItemProcessor: { StartAt: 'In', States: { In: { Type: 'Pass', Assign: { x: 2 }, End: true } } },
          End: true,
        },
      }),
      "Variable 'x' is assigned in an outer scope",
    ],
  ])('%s', (_, definition, message) => {
    const text = typeof definition === 'string' ? definition : JSON.stringify(definition);
    expect(() => parseMachine(text)).toThrow(
      expect.objectContaining({ name: 'InvalidDefinition', message: expect.stringContaining(message) }),
    );
  });
});

test('names in predicates and in functions of the expression are no top-level names', () => {
  const output =
    '{% ( $list := $states.input.items[size > 1 and $ != 2].name; $map($list, function($v) { $v.first & $list[0] }) ~> $join ) %}';
  expect(() => parseMachine(JSON.stringify(pass({ Output: output })))).not.toThrow();
});

test('a machine may leave the query language to its states', async () => {
  const emulator = await Emulator.open();
  const { output } = await emulator.run({
    StartAt: 'One',
    States: { One: { Type: 'Pass', QueryLanguage: 'JSONata', Output: '{% 1 %}', End: true } },
  });
  expect(output).toBe(1);
});

test('an Express machine is refused by its type', async () => {
  const emulator = await Emulator.open();
  const arn = 'arn:aws:states:eu-central-1:123456789012:stateMachine:Fast';
  const express = { name: 'Fast', arn, roleArn: '', type: 'EXPRESS' as const, definition: JSON.stringify(pass({})) };
  await expect(emulator.states.createStateMachine(express)).rejects.toThrow(
    expect.objectContaining({ name: 'StateMachineTypeNotSupported' }),
  );
});

test('ValidateStateMachineDefinition gives the same verdict as a diagnostic', async () => {
  const { client } = await Emulator.open();
  const validate = (definition: object) =>
    client.send(new ValidateStateMachineDefinitionCommand({ definition: JSON.stringify(definition) }));
  expect(await validate(pass({}))).toMatchObject({ result: 'OK', diagnostics: [] });
  expect(await validate(pass({ Result: 1 }))).toMatchObject({
    result: 'FAIL',
    diagnostics: [{ severity: 'ERROR', code: 'SCHEMA_VALIDATION_FAILED', location: '/States/One/Result' }],
  });
});
