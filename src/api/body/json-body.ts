import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AppError } from '../../shared/app-error.js';
import { requireUtf8 } from './wire-text.js';

// A schema passed as the decorator's data would be taken for a pipe, since it has a method `transform`.

/** `@JsonBody(schema) body: Body` on a controller's parameter. Nothing at all counts as `{}`. */
export const JsonBody = (schema: z.ZodType): ParameterDecorator =>
  createParamDecorator((_: unknown, context: ExecutionContext) => {
    const { body } = requestIn(context);
    return readJson(Buffer.isBuffer(body) ? body : Buffer.alloc(0), schema);
  })();

/** `@JsonQuery(schema) query: Query`: the query string, checked in the same way. */
export const JsonQuery = (schema: z.ZodType): ParameterDecorator =>
  createParamDecorator((_: unknown, context: ExecutionContext) =>
    requireShape(requestIn(context).query, schema),
  )();

function requestIn(context: ExecutionContext): FastifyRequest {
  return context.switchToHttp().getRequest<FastifyRequest>();
}

/** Throws AppError `invalid_request` with the field that is wrong; `body` when it is no JSON at all. */
export function readJson<T>(bytes: Buffer, schema: z.ZodType<T>): T {
  return requireShape(bytes.length === 0 ? {} : parse(bytes), schema);
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(requireUtf8(bytes).replace(/^\uFEFF/, ''));
  } catch (error) {
    const message = 'The request body is not valid JSON: send one object.';
    throw new AppError('invalid_request', message, { cause: error, field: 'body' });
  }
}

function requireShape<T>(value: unknown, schema: z.ZodType<T>): T {
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  const [issue] = error.issues;
  const field = issue?.path.join('.') || 'body';
  throw new AppError('invalid_request', issue?.message ?? 'The request is not valid', { field });
}
