import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { knownError } from '../database/known-error.js';
import { isApiPath, isTypedApiPath, isV2Path } from './api-path.js';
import type { ErrorAnswer, ErrorPlace } from './error-answer.js';
import { errorKindOf, statusOf } from './error-kind.js';
import { typedErrorAnswer } from './typed-errors.js';
import { v1ErrorAnswer } from './v1/v1-errors.js';
import { v2ErrorAnswer } from './v2/v2-errors.js';
import { loggerFor } from '../shared/log-scope.js';

/**
 * The exception filter of a cell: answers in JSON below `/api` and with a page elsewhere. It logs faults of ours and
 * outages, and nothing of the request: paths hold keys, bodies hold secrets.
 */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  private readonly logger = loggerFor(ErrorFilter.name);

  constructor(
    private readonly pageErrorAnswer: (
      error: unknown,
      status: number | null,
      request: FastifyRequest,
    ) => Promise<ErrorAnswer>,
  ) {}

  /** Never rejects. */
  catch(thrown: unknown, host: ArgumentsHost): void | Promise<void> {
    const error = knownError(thrown);
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    this.#log(error, request);
    if (reply.sent) return;
    const place = placeOf(request);
    const answer = this.#answer(error, place, request);
    if (answer instanceof Promise) return sendLater(reply, answer);
    send(reply, answer);
  }

  #answer(
    error: unknown,
    place: ErrorPlace,
    request: FastifyRequest,
  ): ErrorAnswer | Promise<ErrorAnswer> {
    if (isTypedApiPath(place.path)) return typedErrorAnswer(error, place);
    if (isV2Path(place.path)) return v2ErrorAnswer(error, place);
    if (isApiPath(place.path)) return v1ErrorAnswer(error, place);
    return this.pageErrorAnswer(error, statusOf(error), request);
  }

  #log(err: unknown, { id: requestId, method, routeOptions }: FastifyRequest): void {
    const kind = errorKindOf(err);
    // The logger leaves out messages that may quote the input: see describeError().
    const fields = { requestId, method, route: routeOptions?.url ?? 'unmatched', err };
    if (kind === 'unexpected') this.logger.error(fields, 'request failed');
    else if (kind === 'unavailable') this.logger.warn(fields, 'service unavailable');
  }
}

function send(reply: FastifyReply, { status, headers, body }: ErrorAnswer): void {
  void reply.status(status).headers(headers).send(body);
}

/** Nest waits for no filter: nobody else would answer when the page fails. */
async function sendLater(reply: FastifyReply, answer: Promise<ErrorAnswer>): Promise<void> {
  try {
    send(reply, await answer);
  } catch (failure) {
    void reply.send(failure);
  }
}

function placeOf(request: FastifyRequest): ErrorPlace {
  const params = request.params as { readonly key?: string } | undefined;
  const [path = ''] = (request.raw.url ?? '').split('?', 1);
  const { id: requestId, account } = request;
  return {
    path,
    keyParam: params?.key ?? null,
    requestId,
    hasCredentials: request.headers.authorization !== undefined,
    plan: account?.plan ?? null,
  };
}
