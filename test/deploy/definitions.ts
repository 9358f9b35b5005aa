/** One state machine that both run, and what it is started with. */
export interface Agreed {
  readonly name: string;
  readonly definition: Readonly<Record<string, unknown>>;
  readonly input: unknown;
  /** Where the two do not agree: what MiniStack does otherwise than AWS documents, and what AWS gives. */
  readonly differs?: { readonly why: string; readonly output: unknown };
}

/** Stands in definitions for the ARN of the function below. */
export const FUNCTION = '${FunctionArn}';

/**
 * The function behind every Task: it fails as often as `failures` asks for, counted by `key`, and then gives back what
 * it got. It counts in a file, for MiniStack ends the environment of a function that threw.
 */
export const FUNCTION_CODE = `
const { appendFileSync, readFileSync } = require('node:fs');
exports.handler = async ({ key, failures = 0, ...rest }) => {
  const calls = process.env.CALLS_FOLDER + '/' + key;
  appendFileSync(calls, '.');
  const call = readFileSync(calls).length;
  if (call <= failures) throw new Error('call ' + call + ' of ' + key + ' fails');
  return { ...rest, call };
};
`;

const flow = (States: Record<string, unknown>) => ({ StartAt: Object.keys(States)[0], States });
const machine = (States: Record<string, unknown>) => ({ QueryLanguage: 'JSONata', ...flow(States) });

const invoke = (payload: unknown, rest: Record<string, unknown>) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: FUNCTION, Payload: payload },
  Output: '{% $states.result.Payload %}',
  ...rest,
});

const fail = (name: string, Cause: string) => ({ Type: 'Fail', Error: name, Cause });
const ERROR = '{% $states.errorOutput %}';

/** The parts of the language that ImagePush is made of, each alone; the first two are its own loops in small. */
export const DEFINITIONS: readonly Agreed[] = [
  {
    name: 'RestartLoop',
    input: { index: 3, restarts: 0, lostTimes: 2 },
    definition: machine({
      Initiate: {
        Type: 'Pass',
        Output: "{% $merge([$states.input, {'upload': 'u' & $string($states.input.restarts)}]) %}",
        Next: 'Send',
      },
      Send: {
        Type: 'Pass',
        Output:
          "{% $states.input.restarts < $states.input.lostTimes ? $merge([$states.input, {'lost': 'UploadNotFound'}]) : $states.input %}",
        Next: 'Lost?',
      },
      'Lost?': {
        Type: 'Choice',
        Choices: [{ Condition: '{% $exists($states.input.lost) %}', Next: 'Restart' }],
        Default: 'Done',
      },
      Restart: {
        Type: 'Pass',
        Output:
          "{% {'index': $states.input.index, 'lostTimes': $states.input.lostTimes, 'restarts': $states.input.restarts + 1} %}",
        Next: 'SpaceOut',
      },
      SpaceOut: { Type: 'Wait', Seconds: '{% $states.input.restarts %}', Next: 'Initiate' },
      Done: {
        Type: 'Pass',
        Output: { index: '{% $states.input.index %}', restarts: '{% $states.input.restarts %}' },
        End: true,
      },
    }),
  },
  {
    name: 'MapOfTasks',
    input: { plan: { key: 'plan.json' }, missing: [2, 0, 5] },
    definition: machine({
      Upload: {
        Type: 'Map',
        Items: '{% $states.input.missing %}',
        ItemSelector: {
          plan: '{% $states.input.plan %}',
          index: '{% $states.context.Map.Item.Value %}',
          place: '{% $states.context.Map.Item.Index %}',
        },
        MaxConcurrency: 2,
        ItemProcessor: {
          ProcessorConfig: { Mode: 'INLINE' },
          ...flow({
            Send: invoke("{% $merge([$states.input, {'key': 'map-' & $string($states.input.index)}]) %}", {
              End: true,
            }),
          }),
        },
        Output: "{% $merge([$states.input, {'layers': $append([], $states.result)}]) %}",
        End: true,
      },
    }),
  },
  {
    name: 'EmptyMap',
    input: { missing: [] },
    definition: machine({
      Upload: {
        Type: 'Map',
        Items: '{% $states.input.missing %}',
        ItemProcessor: { ProcessorConfig: { Mode: 'INLINE' }, ...flow({ Never: { Type: 'Pass', End: true } }) },
        End: true,
      },
    }),
  },
  {
    name: 'CatchOfMap',
    input: { items: [1, 2, 3] },
    definition: machine({
      Each: {
        Type: 'Map',
        Items: '{% $states.input.items %}',
        MaxConcurrency: 1,
        ItemProcessor: {
          ProcessorConfig: { Mode: 'INLINE' },
          ...flow({
            'Second?': {
              Type: 'Choice',
              Choices: [{ Condition: '{% $states.input = 2 %}', Next: 'Broken' }],
              Default: 'Fine',
            },
            Broken: fail('BlobMissing', 'the second is broken'),
            Fine: { Type: 'Pass', End: true },
          }),
        },
        Catch: [
          { ErrorEquals: ['DigestMismatch'], Next: 'Wrong' },
          { ErrorEquals: ['BlobMissing'], Output: { step: 'Each', error: ERROR }, Next: 'Diagnose' },
        ],
        End: true,
      },
      Wrong: fail('Wrong', 'caught by another name'),
      Diagnose: { Type: 'Pass', End: true },
    }),
  },
  {
    name: 'SetAsideInsideMap',
    input: { images: ['good', 'bad', 'fine'] },
    definition: machine({
      Images: {
        Type: 'Map',
        Items: '{% $states.input.images %}',
        MaxConcurrency: 1,
        ItemProcessor: {
          ProcessorConfig: { Mode: 'INLINE' },
          ...flow({
            Push: {
              Type: 'Parallel',
              Branches: [
                flow({
                  'Bad?': {
                    Type: 'Choice',
                    Choices: [{ Condition: "{% $states.input = 'bad' %}", Next: 'Fails' }],
                    Default: 'Pushed',
                  },
                  Fails: fail('ManifestInvalid', 'bad'),
                  Pushed: { Type: 'Pass', Output: "{% {'pushed': true} %}", End: true },
                }),
              ],
              Catch: [{ ErrorEquals: ['States.ALL'], Output: { pushed: false }, Next: 'SetAside' }],
              End: true,
            },
            SetAside: { Type: 'Pass', End: true },
          }),
        },
        End: true,
      },
    }),
  },
  {
    name: 'RetryThatSucceeds',
    input: {},
    definition: machine({
      Try: invoke(
        { key: 'retry', failures: 2, said: 'hello' },
        {
          Retry: [{ ErrorEquals: ['States.TaskFailed'], IntervalSeconds: 1, BackoffRate: 2, MaxAttempts: 3 }],
          End: true,
        },
      ),
    }),
  },
  {
    name: 'RetryThatIsUsedUp',
    input: { before: true },
    definition: machine({
      Try: invoke(
        { key: 'used-up', failures: 9 },
        {
          Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 1, MaxAttempts: 2 }],
          Catch: [{ ErrorEquals: ['States.ALL'], Output: { input: '{% $states.input %}' }, Next: 'Count' }],
          End: true,
        },
      ),
      // The fourth call is this one: three were made before.
      Count: invoke({ key: 'used-up', failures: 0 }, { End: true }),
    }),
  },
  {
    name: 'RetryOfAnotherError',
    input: {},
    definition: machine({
      Try: invoke(
        { key: 'other', failures: 9 },
        {
          Retry: [{ ErrorEquals: ['Throttled'], IntervalSeconds: 1, MaxAttempts: 5 }],
          Catch: [{ ErrorEquals: ['States.ALL'], Output: {}, Next: 'Count' }],
          End: true,
        },
      ),
      Count: invoke({ key: 'other', failures: 0 }, { End: true }),
    }),
  },
  {
    name: 'FailInWordsOfTheInput',
    input: { code: 'PartialPush', images: 2 },
    definition: machine({
      Failed: { Type: 'Fail', Error: '{% $states.input.code %}', Cause: '{% $string($states.input) %}' },
    }),
  },
  {
    name: 'ChoiceWithOutputAndVariables',
    input: { result: 'PARTIAL', diagnosis: { code: 'X' } },
    definition: machine({
      Remember: { Type: 'Pass', Assign: { code: '{% $states.input.diagnosis.code %}' }, Next: 'AllPushed?' },
      'AllPushed?': {
        Type: 'Choice',
        Choices: [
          { Condition: "{% $states.input.result = 'SUCCEEDED' %}", Next: 'Never' },
          { Condition: '{% true %}', Output: '{% $states.input.diagnosis %}', Next: 'Tell' },
        ],
      },
      Never: { Type: 'Succeed' },
      Tell: { Type: 'Pass', Output: { seen: '{% $states.input %}', remembered: '{% $code %}' }, End: true },
    }),
  },
  {
    name: 'OutputOfSucceed',
    input: { index: 3, upload: 'u' },
    definition: machine({ Done: { Type: 'Succeed', Output: { index: '{% $states.input.index %}' } } }),
    differs: {
      why: 'MiniStack 1.5.33 ends with the input; https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html',
      output: { index: 3 },
    },
  },
  {
    name: 'OutputOfParallel',
    input: {},
    definition: machine({
      Both: {
        Type: 'Parallel',
        Branches: [flow({ One: { Type: 'Pass', Output: 1, End: true } })],
        Output: '{% $states.result[0] %}',
        End: true,
      },
    }),
    differs: {
      why: 'MiniStack 1.5.33 puts out the results; https://docs.aws.amazon.com/step-functions/latest/dg/state-parallel.html',
      output: 1,
    },
  },
  {
    name: 'NothingUnderAName',
    input: {},
    definition: machine({ Ask: { Type: 'Pass', Output: '{% $states.input.absent %}', End: true } }),
  },
];
