import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { repeatsForm } from '../pages/public/page-error.js';
import type { BodyBudget } from './body-budget.js';
import { isAwaited, readBody } from './request-body.js';

/**
 * Answers anything thrown with ErrorFilter. A form that a guard refused may come back as it was sent, so its body, which
 * BodyGuard would have read, is read first. Other requests are answered without their bodies.
 */
@Catch()
export class RefusedFormFilter implements ExceptionFilter {
  constructor(
    private readonly answers: ExceptionFilter,
    private readonly budget: BodyBudget,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void | Promise<void> {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    if (!repeatsForm(request, thrown) || isAwaited(request.raw)) return this.#answer(thrown, host);
    return this.#answerWithForm(thrown, host, request);
  }

  /** Never rejects: Nest waits for no filter. */
  async #answerWithForm(
    thrown: unknown,
    host: ArgumentsHost,
    request: FastifyRequest,
  ): Promise<void> {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    try {
      request.body = await readBody(request, reply, this.budget);
    } catch {
      // `thrown` is the answer, then on a page without the form.
    }
    await this.#answer(thrown, host);
  }

  async #answer(...caught: Parameters<ExceptionFilter['catch']>): Promise<void> {
    await this.answers.catch(...caught);
  }
}
