import { Controller, Get, Header, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AccountRequired } from '../../auth/account-required.decorator.js';
import { RegionHostOnly } from '../../auth/region-host-only.decorator.js';
import { Scoped } from '../../auth/scoped.decorator.js';
import { Limited } from '../../limits/limited.decorator.js';
import { readBrandForm } from './brand-form.js';
import { previewStyle } from './brand-look.js';

/** The stylesheet of a preview, from the fields in its address; nothing of a domain is in it. */
@Controller('domains/:id/brand')
@RegionHostOnly()
export class BrandStyleController {
  @Get('preview.css')
  @AccountRequired()
  @Scoped('domains')
  @Limited('account read')
  @Header('content-type', 'text/css; charset=utf-8')
  @Header('cache-control', 'no-store')
  @Header('x-content-type-options', 'nosniff')
  @Header('cross-origin-resource-policy', 'same-origin')
  style(@Query() query: Record<string, unknown>, @Req() { tenant }: FastifyRequest): string {
    const get = (name: string): string | null => {
      const value = Object.hasOwn(query, name) ? query[name] : null;
      return typeof value === 'string' ? value : null;
    };
    return previewStyle(tenant.hostname, readBrandForm({ get }, {}).shown);
  }
}
