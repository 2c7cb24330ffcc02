import type { z } from 'zod';

/** One operation of the HTTP API, in the words of OpenAPI 3.1. Its schemas are those that the route itself uses. */
export interface Operation {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** In OpenAPI's form: `/api/v2/secret/{id}`. */
  readonly path: string;
  /** Other paths of the same operation. */
  readonly aliases?: readonly string[];
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  /** Whether HTTP Basic credentials are needed; `optional`: also for callers without an account. */
  readonly credentials: 'none' | 'optional' | 'required';
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly headers?: z.ZodObject;
  readonly body?: RequestBody;
  /** By status. */
  readonly answers: Readonly<Record<number, Answer>>;
}

export interface RequestBody {
  readonly schema: z.ZodType;
  /** Default: `application/json`. */
  readonly mediaTypes?: readonly string[];
  readonly isRequired: boolean;
  /** A body that works. */
  readonly example?: unknown;
}

export interface Answer {
  readonly description: string;
  /** Absent: no body. */
  readonly schema?: z.ZodType;
  readonly example?: unknown;
  /** Default: `application/json`. */
  readonly mediaType?: string;
}
