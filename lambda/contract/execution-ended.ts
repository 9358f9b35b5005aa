import * as z from 'zod';

/**
 * Input of SendNotice: the part of a `Step Functions Execution Status Change` event that is used; times are epoch
 * milliseconds. https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
 */
export const ExecutionEnded = z.object({
  detail: z.object({
    executionArn: z.string(),
    stateMachineArn: z.string(),
    name: z.string(),
    status: z.enum(['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED']),
    startDate: z.number(),
    stopDate: z.number(),
    /** Absent where input and output are too long for an event. */
    input: z.string().nullish(),
    error: z.string().nullish(),
    cause: z.string().nullish(),
    /** An execution that is redriven ends more than once. */
    redriveCount: z.number().int().default(0),
  }),
});
export type EndedExecution = z.infer<typeof ExecutionEnded>['detail'];
