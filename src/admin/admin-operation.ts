import type { z } from 'zod';
import type { Operation } from '../api/openapi/operation.js';
import type { Actor } from '../accounts/activity/activity.js';
import type { AdminScope } from '../operators/admin-key.js';
import type { Network } from '../shared/network.js';

/** No operation takes a larger body. */
export const BODY_BYTES_MAX = 64 * 1024;

/** An operation of one region. */
export interface AdminOperation extends Operation {
  /** The scope that the key needs. */
  readonly scope: AdminScope;
  readonly params: z.ZodObject<{ readonly region: z.ZodType<string> }>;
}

/** Who acts, as the audit trail and the records of accounts and domains name them. */
export interface AdminActor {
  readonly keyName: string;
  readonly network: Network;
}

/** In the words of an account's activity. */
export function accountActor({ keyName, network }: AdminActor): Actor {
  return { kind: 'operator', name: keyName, tokenId: null, network };
}

type OutputOf<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** What the schemas of the operation make of a request. */
export interface AdminInput<O extends AdminOperation = AdminOperation> {
  readonly params: z.output<O['params']>;
  readonly query: O extends { readonly query: infer Query } ? OutputOf<Query> : undefined;
  readonly body: O extends { readonly body: { readonly schema: infer Body } }
    ? OutputOf<Body>
    : undefined;
}

type AnswerSchema<O extends AdminOperation> = {
  [Status in keyof O['answers']]: Status extends 200 | 201
    ? O['answers'][Status] extends { readonly schema: infer Schema extends z.ZodType }
      ? z.output<Schema>
      : undefined
    : never;
}[keyof O['answers']];

/** An operation and what carries it out. */
export interface AdminRoute {
  readonly operation: AdminOperation;
  handle(input: AdminInput, actor: AdminActor): Promise<unknown>;
}

/** The types of a route's input and answer follow from the schemas of its operation. */
export function adminRoute<const O extends AdminOperation>(
  operation: O,
  handle: (input: AdminInput<O>, actor: AdminActor) => Promise<AnswerSchema<O>>,
): AdminRoute {
  return { operation, handle: handle as unknown as AdminRoute['handle'] };
}

/** A part of the API: each room's resources. */
export abstract class AdminRoutes {
  abstract readonly routes: readonly AdminRoute[];
}
