import { Controller, Get, Options, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { programVersion } from '../../config/program-version.js';
import { Scoped } from '../../auth/scoped.decorator.js';
import { OfferedBy } from '../../auth/offered-by.decorator.js';
import { Limited } from '../../limits/limited.decorator.js';
import { LANGUAGES } from '../../shared/language.js';
import { OpenToOtherSites, PREFLIGHT_HEADERS } from '../cors.js';

const LOCALE = 'en';
const VERSION = programVersion().split('.');

/** API v2: about the service. */
@Controller('api/v2')
@OfferedBy('every')
@Scoped('any')
export class V2MetaController {
  @Get('status')
  @OpenToOtherSites()
  @Limited('exempt')
  status() {
    return { success: true, status: 'nominal', locale: LOCALE };
  }

  @Get('version')
  @OpenToOtherSites()
  version() {
    return { success: true, version: VERSION, locale: LOCALE };
  }

  @Get('supported-locales')
  @OpenToOtherSites()
  supportedLocales() {
    return { success: true, locales: LANGUAGES, default_locale: LOCALE, locale: LOCALE };
  }

  @Options(['status', 'version', 'supported-locales'])
  preflight(@Res() reply: FastifyReply): void {
    void reply.status(204).headers(PREFLIGHT_HEADERS).send();
  }
}
