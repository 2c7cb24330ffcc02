import {
  createParamDecorator,
  Injectable,
  type ExecutionContext,
  type PipeTransform,
} from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { requestOriginOf } from '../../tenancy/request-origin.js';
import type { Caller } from '../../auth/caller.js';
import { callerOf } from '../../auth/current-caller.decorator.js';
import { brandOf } from '../../brand/brand-of.js';
import { HostBrand } from '../../brand/host-brand.js';
import type { Language } from '../../shared/language.js';
import { namedLanguage, visitorLanguage } from '../../shared/visitor-language.js';
import { textsIn } from '../messages/messages.js';
import type { LanguageSwitch, PageFrame } from './frame.js';
import { LANGUAGE_PARAMETER, plainSwitches, switchesWith } from './switches.js';

/** Gives each request the frame of its page: the tenant's brand, the visitor's language. */
@Injectable()
export class PageFrames {
  constructor(private readonly host: HostBrand) {}

  async of(request: FastifyRequest): Promise<PageFrame> {
    // Not `request.tenant`: a target that is no path, such as `*`, fails before the hook that sets it.
    const { tenant } = requestOriginOf(request.raw);
    const { customDomain } = tenant;
    const brand = customDomain === null ? this.host.brand : brandOf(customDomain);
    const chosen = chosenLanguage(request);
    const { cookie, 'accept-language': acceptLanguage } = request.headers;
    const language = visitorLanguage({ chosen, cookie, acceptLanguage }, brand);
    return {
      tenant,
      brand,
      language,
      texts: textsIn(language),
      path: (request.raw.url ?? '/').split('?', 1)[0] ?? '/',
      switches: switchesOf(request, brand.languages),
      csrf: request.session?.csrfToken ?? null,
      chosen,
    };
  }
}

/** Who asks for a page, and what is around it: the first argument of what a page does. */
export interface Visit {
  readonly caller: Caller;
  readonly frame: PageFrame;
}

@Injectable()
export class VisitPipe implements PipeTransform<FastifyRequest, Promise<Visit>> {
  constructor(private readonly frames: PageFrames) {}

  async transform(request: FastifyRequest): Promise<Visit> {
    return { caller: callerOf(request), frame: await this.frames.of(request) };
  }
}

const WholeRequest = createParamDecorator((_: unknown, context: ExecutionContext) =>
  context.switchToHttp().getRequest<FastifyRequest>(),
);

/** `@CurrentVisit() visit: Visit` on a controller's parameter. */
export const CurrentVisit = (): ParameterDecorator => WholeRequest(VisitPipe);

/** Null without one, as of most requests. */
function queryOf(request: FastifyRequest): URLSearchParams | null {
  const [, query] = (request.raw.url ?? '').split('?', 2);
  return query === undefined ? null : new URLSearchParams(query);
}

function chosenLanguage(request: FastifyRequest): Language | null {
  return namedLanguage(queryOf(request)?.get(LANGUAGE_PARAMETER) ?? null);
}

/** None on the answer to a form: its address, loaded again, shows something else. */
function switchesOf(
  request: FastifyRequest,
  languages: readonly Language[],
): readonly LanguageSwitch[] {
  if (request.method !== 'GET' && request.method !== 'HEAD') return [];
  const query = queryOf(request);
  return query === null ? plainSwitches(languages) : switchesWith(query, languages);
}
