import * as z from 'zod';
import {
  CreatePushBody,
  ListPushesQuery,
  PresignDropBody,
  PresignedDrop,
  Problem,
  Push,
  PushList,
  StartedPush,
  StopPushBody,
} from './push-api';

const REQUEST_BODIES = { CreatePush: CreatePushBody, StopPush: StopPushBody, PresignDrop: PresignDropBody } as const;
const ANSWERS = { StartedPush, Push, PushList, PresignedDrop, Problem } as const;

/** The operations that take a body. */
export type RequestBodyName = keyof typeof REQUEST_BODIES;

/** A body as JSON Schema: `draft-4` for API Gateway, `draft-2020-12` for OpenAPI 3.1. */
export function requestBodySchema(name: RequestBodyName, target: 'draft-4' | 'draft-2020-12'): object {
  return schemaOf(REQUEST_BODIES[name], target);
}

/** What the API answers with. */
export type AnswerName = keyof typeof ANSWERS;

/** Every answer as JSON Schema of the draft that OpenAPI 3.1 has. */
export function answerSchemas(): Record<AnswerName, object> {
  const schemas = Object.entries(ANSWERS).map(([name, schema]) => [name, schemaOf(schema, 'draft-2020-12')]);
  return Object.fromEntries(schemas) as Record<AnswerName, object>;
}

/** The parameters in the query of `GET /pushes`, each with its schema. */
export function listPushesParameters(): Record<string, object> {
  const { properties } = schemaOf(ListPushesQuery, 'draft-2020-12') as { properties: Record<string, object> };
  return properties;
}

function schemaOf(schema: z.ZodType, target: 'draft-4' | 'draft-2020-12'): object {
  // As input: closed where it is strict, and open where answers may come to hold more.
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target, io: 'input' });
  return rest;
}
