import { createHash } from 'node:crypto';
import {
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { AppError } from '../../shared/app-error.js';
import { IdempotencyKeys, type KeyedRequest } from './idempotency-keys.js';

const KEY = /^[\x21-\x7e]{1,255}$/;

/** Runs a POST with an `Idempotency-Key` once; the same request sent again gets the stored answer. */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(private readonly keys: IdempotencyKeys) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const keyed = keyedRequestOf(request);
    if (keyed === null) return next.handle();
    return from(this.#once(keyed, context.switchToHttp().getResponse<FastifyReply>(), next));
  }

  async #once(keyed: KeyedRequest, reply: FastifyReply, next: CallHandler): Promise<unknown> {
    const known = await this.keys.take(keyed);
    if (known !== null) {
      void reply.status(known.status);
      return known.body;
    }
    const body = await this.#do(keyed, next);
    await this.keys.settle(keyed, { status: reply.statusCode, body });
    return body;
  }

  async #do(keyed: KeyedRequest, next: CallHandler): Promise<unknown> {
    try {
      return await lastValueFrom(next.handle());
    } catch (error) {
      await this.keys.release(keyed);
      throw error;
    }
  }
}

/** Null for a request whose answer is not stored. */
function keyedRequestOf(request: FastifyRequest): KeyedRequest | null {
  const key = request.headers['idempotency-key'];
  if (request.method !== 'POST' || key === undefined || !request.account) return null;
  if (typeof key !== 'string' || !KEY.test(key)) {
    throw new AppError(
      'invalid_request',
      'An Idempotency-Key has 1 to 255 visible ASCII characters.',
      { field: 'Idempotency-Key' },
    );
  }
  const hash = createHash('sha256')
    .update(`${request.raw.url ?? ''}\n`)
    .update(Buffer.isBuffer(request.body) ? request.body : '')
    .digest();
  return { accountId: request.account.id, key, hash };
}
