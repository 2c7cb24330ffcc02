import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Visitor } from '../accounts/sign-in/visitor.js';
import { LANGUAGES } from '../shared/language.js';
import { agentOf } from '../shared/user-agent.js';
import { visitorLanguage } from '../shared/visitor-language.js';

const EVERY_LANGUAGE = { language: LANGUAGES[0], languages: LANGUAGES };

export function visitorOf({ raw, network, client, session }: FastifyRequest): Visitor {
  const { cookie, 'accept-language': acceptLanguage, 'user-agent': userAgent } = raw.headers;
  return {
    agent: agentOf(userAgent),
    network,
    client,
    language: visitorLanguage({ chosen: null, cookie, acceptLanguage }, EVERY_LANGUAGE),
    sessionId: session?.id ?? null,
  };
}

/** `@CurrentVisitor() visitor: Visitor` on a controller's parameter. */
export const CurrentVisitor = createParamDecorator(
  (_: unknown, context: ExecutionContext): Visitor =>
    visitorOf(context.switchToHttp().getRequest<FastifyRequest>()),
);
