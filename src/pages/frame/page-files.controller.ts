import { Controller, Get, Header, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Scoped } from '../../auth/scoped.decorator.js';
import { OfferedBy } from '../../auth/offered-by.decorator.js';
import type { PublicFile } from '../../shared/public-file.js';
import { CurrentVisit, type Visit } from './frames.js';
import { FOREVER, iconsFor, LIVE_PARAMETER, REVALIDATED, stylesheetOf } from './served-files.js';

const DAY = 'public, max-age=86400';

/** The files that browsers and robots request beside the pages. */
@Controller()
@OfferedBy('every')
@Scoped('any')
export class PageFilesController {
  @Get('style.css')
  @Header('cross-origin-resource-policy', 'same-origin')
  @Header('x-content-type-options', 'nosniff')
  stylesheet(
    @CurrentVisit() { frame }: Visit,
    @Query('v') version: unknown,
    @Query(LIVE_PARAMETER) live: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer | undefined> {
    const file = stylesheetOf(frame.brand, live !== undefined);
    return file.send(request, reply, version === file.version ? FOREVER : REVALIDATED);
  }

  @Get('icon.svg')
  @Header('content-security-policy', "default-src 'none'; sandbox")
  @Header('x-content-type-options', 'nosniff')
  icon(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer | undefined> {
    return iconsOf(request).svg.send(request, reply);
  }

  /** Browsers request it from every site. */
  @Get('favicon.ico')
  @Header('x-content-type-options', 'nosniff')
  favicon(
    @CurrentVisit() { frame }: Visit,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer | undefined> | undefined {
    return sendIcon(frame.brand.icon?.path, iconsOf(request).ico, request, reply);
  }

  /** Phones request it from every site that is put on the home screen. */
  @Get(['apple-touch-icon.png', 'apple-touch-icon-precomposed.png'])
  @Header('x-content-type-options', 'nosniff')
  touchIcon(
    @CurrentVisit() { frame }: Visit,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer | undefined> | undefined {
    return sendIcon(frame.brand.icon?.path, iconsOf(request).large, request, reply);
  }

  @Get('robots.txt')
  @Header('content-type', 'text/plain; charset=utf-8')
  @Header('cache-control', DAY)
  robots(): string {
    return 'User-agent: *\nDisallow: /\n';
  }
}

function iconsOf({ tenant }: FastifyRequest) {
  return iconsFor(tenant.customDomain === null);
}

/** The owner's icon has an address of its own. */
function sendIcon(
  ownersPath: string | undefined,
  icon: PublicFile,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Buffer | undefined> | undefined {
  if (ownersPath === undefined) return icon.send(request, reply);
  void reply.status(302).headers({ location: ownersPath, 'cache-control': 'no-cache' });
  return undefined;
}
