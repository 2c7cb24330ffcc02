import { Controller, Get, NotFoundException, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Scoped } from '../../auth/scoped.decorator.js';
import { OfferedBy } from '../../auth/offered-by.decorator.js';
import { Limited } from '../../limits/limited.decorator.js';
import { docsFiles } from './docs-files.js';
import { DOCS_HEADERS, docsPage } from './docs-page.js';

/** A page that shows the document, on every host. */
@Controller('api/docs')
@OfferedBy('every')
@Limited('docs')
@Scoped('any')
export class DocsController {
  @Get()
  page(@Res({ passthrough: true }) reply: FastifyReply): string {
    void reply.headers(DOCS_HEADERS);
    return docsPage(docsFiles());
  }

  @Get(':file')
  async file(
    @Param('file') name: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer | undefined> {
    const file = docsFiles().get(name);
    if (file === undefined) throw new NotFoundException();
    return file.send(request, reply);
  }
}
