import { Get } from '@nestjs/common';
import { AccountPages } from '../frame/account-pages.decorator.js';
import { CurrentVisit, type Visit } from '../frame/frames.js';
import { pageOf, type Page } from '../frame/page.js';
import { ExportPage } from './views/export-page.js';

/** `/account/export`: what the file has. The file itself is the API's, which takes the session too. */
@AccountPages('account/export', 'account')
export class ExportPageController {
  @Get()
  show(@CurrentVisit() { frame }: Visit): Page {
    return pageOf(frame, ExportPage, {});
  }
}
