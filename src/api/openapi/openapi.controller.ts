import { Controller, Get, Header, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Scoped } from '../../auth/scoped.decorator.js';
import { OfferedBy } from '../../auth/offered-by.decorator.js';
import { Limited } from '../../limits/limited.decorator.js';
import { publicDocument } from './public-document.js';
import { PublicFile } from '../../shared/public-file.js';

// Stored, but asked about each time: whoever builds against the document sees a change at once.
const REVALIDATED = 'public, no-cache';

/** Of the process: it has nothing of a region. Built for the first request. */
let text: PublicFile | null = null;

/** The document of every public API, on every host. */
@Controller('api/openapi.json')
@OfferedBy('every')
@Limited('docs')
@Scoped('any')
export class OpenApiController {
  @Get()
  @Header('access-control-allow-origin', '*')
  async document(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer | undefined> {
    text ??= new PublicFile(JSON.stringify(publicDocument()), 'application/json', REVALIDATED);
    return text.send(request, reply);
  }
}
