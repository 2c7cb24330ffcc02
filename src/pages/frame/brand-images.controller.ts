import { Controller, Get, Header, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Scoped } from '../../auth/scoped.decorator.js';
import { OfferedBy } from '../../auth/offered-by.decorator.js';
import { readImageName } from '../../brand/images/brand-images.js';
import { HostBrand } from '../../brand/host-brand.js';
import { DomainImages } from '../../brand/images/domain-images.js';
import { AppError } from '../../shared/app-error.js';
import { FOREVER, REVALIDATED } from './served-files.js';

const SANDBOX = "sandbox; default-src 'none'";

/** The logos and the icon of the tenant of the request, and of no other. */
@Controller()
@OfferedBy('every')
@Scoped('any')
export class BrandImagesController {
  constructor(
    private readonly images: DomainImages,
    private readonly host: HostBrand,
  ) {}

  /** The name has the version of the image. */
  @Get('brand/:name')
  @Header('content-security-policy', SANDBOX)
  @Header('x-content-type-options', 'nosniff')
  @Header('cross-origin-resource-policy', 'same-origin')
  async image(
    @Param('name') text: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer | undefined> {
    const name = readImageName(text);
    const { customDomain } = request.tenant;
    const file =
      customDomain === null
        ? this.host.fileOf(`/brand/${text}`)
        : name && (await this.images.fileOf(customDomain.lookDomainId, name));
    if (file === null) throw notFound();
    return file.send(request, reply, FOREVER);
  }

  /** Upstream's address of the logo. Mails and other sites may show it. */
  @Get('imagine/:extid/logo.png')
  @Header('content-security-policy', SANDBOX)
  @Header('x-content-type-options', 'nosniff')
  @Header('cross-origin-resource-policy', 'cross-origin')
  async logo(
    @Param('extid') extid: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer | undefined> {
    const { customDomain } = request.tenant;
    const file = customDomain && (await this.images.logoOf(customDomain, extid));
    if (file === null) throw notFound();
    return file.send(request, reply, REVALIDATED);
  }
}

function notFound(): AppError {
  return new AppError('not_found', 'Image not found');
}
