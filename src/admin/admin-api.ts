import type { z } from 'zod';
import { readJsonBody } from '../api/body/json-body.js';
import type { VerifiedKey } from '../operators/admin-keys.service.js';
import { AppError } from '../shared/app-error.js';
import type { AdminAccess, AdminSender, KeyUse } from './admin-access.js';
import { adminStatusOf } from './admin-error-answer.js';
import type { AdminInput, AdminOperation, AdminRoute } from './admin-operation.js';

/** The parts of a request that schemas read. */
export interface RawInput {
  readonly params: unknown;
  readonly query: unknown;
  /** Its bytes. Those of an operation that takes no body are not looked at. */
  readonly body: Buffer | undefined;
}

/** Carries out the operations of one region, each with its entry of the audit trail. */
export class AdminApi {
  constructor(
    private readonly access: AdminAccess,
    readonly routes: readonly AdminRoute[],
  ) {}

  /** Before the body is read. @throws AppError */
  admit(operation: AdminOperation, sender: AdminSender): Promise<VerifiedKey> {
    return this.access.admit(operation, sender);
  }

  /** @returns the body of the answer @throws AppError */
  async perform(route: AdminRoute, raw: RawInput, use: KeyUse): Promise<unknown> {
    const { operation } = route;
    const input = await this.#input(operation, raw, use);
    const entry = await this.access.begin(operation, use, targetOf(input));
    let status = successOf(operation);
    try {
      const { key, sender } = use;
      return await route.handle(input, { keyName: key.name, network: sender.network });
    } catch (error) {
      status = adminStatusOf(error);
      throw error;
    } finally {
      await this.access.end(entry, status);
    }
  }

  async #input(operation: AdminOperation, raw: RawInput, use: KeyUse): Promise<AdminInput> {
    try {
      const input = inputOf(operation, raw);
      if (input.params.region === this.access.region) return input;
      throw new AppError('not_found', 'There is no such region here.');
    } catch (error) {
      await this.access.refused(operation, use, adminStatusOf(error));
      throw error;
    }
  }
}

/** The status of an operation that succeeded. */
export function successOf({ answers }: AdminOperation): number {
  return Number(Object.keys(answers).find((status) => status.startsWith('2')) ?? 200);
}

/** The fields of a body that name what an operation is about. */
const TARGETS = ['email', 'account', 'domain', 'network', 'key', 'ca', 'scope'];

/** The names in the path and in the body. */
function targetOf({ params, body }: AdminInput): string | null {
  const { region: _, ...inPath } = params as Record<string, string>;
  const inBody = (body ?? {}) as Record<string, unknown>;
  const names = [...Object.values(inPath), ...TARGETS.map((field) => inBody[field])];
  const texts = names.filter((value) => typeof value === 'string');
  return texts.length === 0 ? null : texts.join(' ');
}

/** @throws AppError `invalid_request` with the message and the field of the first issue */
function inputOf({ params, query, body }: AdminOperation, raw: RawInput): AdminInput {
  return {
    params: read(params, raw.params, 'path'),
    query: query === undefined ? undefined : read(query, raw.query, 'query'),
    body: body === undefined ? undefined : read(body.schema, readJsonBody(raw.body), 'body'),
  } as unknown as AdminInput;
}

function read(schema: z.ZodType, value: unknown, place: string): unknown {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AppError('invalid_request', issue?.message ?? 'The request is not valid', {
    field: issue?.path.map(String).join('.') || place,
  });
}
