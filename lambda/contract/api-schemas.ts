import { z } from 'zod';
import { CreatePushBody, PresignDropBody, StopPushBody } from './push-api';

const REQUEST_BODIES = { CreatePush: CreatePushBody, StopPush: StopPushBody, PresignDrop: PresignDropBody } as const;

/** The operations that take a body. */
export type RequestBodyName = keyof typeof REQUEST_BODIES;

/** A body as JSON Schema: `draft-4` for API Gateway, `draft-2020-12` for OpenAPI 3.1. */
export function requestBodySchema(name: RequestBodyName, target: 'draft-4' | 'draft-2020-12'): object {
  const { $schema: _, ...schema } = z.toJSONSchema(REQUEST_BODIES[name], { target });
  return schema;
}
