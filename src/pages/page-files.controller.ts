import { Controller, Get, Header, HttpCode } from '@nestjs/common';
import { STYLESHEET } from './stylesheet.js';

const DAY = 'public, max-age=86400';

/** The files that browsers and robots request beside the pages. */
@Controller()
export class PageFilesController {
  @Get('style.css')
  @Header('content-type', 'text/css; charset=utf-8')
  @Header('cache-control', 'public, max-age=31536000, immutable')
  @Header('cross-origin-resource-policy', 'same-origin')
  stylesheet(): string {
    return STYLESHEET;
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
