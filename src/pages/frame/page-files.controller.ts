import { Controller, Get, Header, HttpCode } from '@nestjs/common';
import { Scoped } from '../../auth/scoped.decorator.js';
import { CurrentVisit, type Visit } from './frames.js';
import { stylesheetOf } from './served-files.js';

const DAY = 'public, max-age=86400';
const FOREVER = 'public, max-age=31536000, immutable';

/** The files that browsers and robots request beside the pages. */
@Controller()
@Scoped('any')
export class PageFilesController {
  @Get('style.css')
  @Header('content-type', 'text/css; charset=utf-8')
  @Header('cache-control', FOREVER)
  @Header('cross-origin-resource-policy', 'same-origin')
  @Header('x-content-type-options', 'nosniff')
  stylesheet(@CurrentVisit() { frame }: Visit): string {
    return stylesheetOf(frame.brand).text;
  }

  @Get('robots.txt')
  @Header('content-type', 'text/plain; charset=utf-8')
  @Header('cache-control', DAY)
  robots(): string {
    return 'User-agent: *\nDisallow: /\n';
  }

  // Browsers request it from every site; errors would only fill the logs.
  @Get('favicon.ico')
  @HttpCode(204)
  @Header('cache-control', DAY)
  favicon(): void {
    return;
  }
}
