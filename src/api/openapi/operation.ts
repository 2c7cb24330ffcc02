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
  /**
   * Whether HTTP Basic credentials are needed; `optional`: also for callers without an account; `session`: a browser that
   * has signed in lately, and no API token.
   */
  readonly credentials: 'none' | 'optional' | 'required' | 'session';
  /** The scope that an API token needs, where the route names one. */
  readonly scope?: string;
  readonly params?: z.ZodObject;
  /** By parameter of the path: the answer that has a value for it. The document shows it as a link. */
  readonly from?: Readonly<Record<string, AnswerPart>>;
  readonly query?: z.ZodObject;
  readonly headers?: z.ZodObject;
  readonly body?: RequestBody;
  /** By status. */
  readonly answers: Answers;
}

export type Answers = Readonly<Record<number, Answer>>;

/** A value in the successful answer of another operation of the same document. */
export interface AnswerPart {
  readonly operationId: string;
  /** JSON pointer into the answer: `/record/identifier`. */
  readonly pointer: string;
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
  /** Makes a component of it: for an answer that operations share as one object. */
  readonly id?: string;
  readonly description: string;
  /** Absent: no body. */
  readonly schema?: z.ZodType;
  readonly example?: unknown;
  /** Default: `application/json`. */
  readonly mediaType?: string;
  /** The headers beside those of every answer. */
  readonly headers?: z.ZodObject;
}

/** The operations of one API: a tag of the document. */
export interface OperationGroup {
  readonly name: string;
  readonly description: string;
  /** The errors of all its operations. An operation's own answers win. */
  readonly errors: Answers;
  /** Of all that may have a body: those that are no GET. */
  readonly bodyErrors: Answers;
  readonly operations: readonly Operation[];
}
