import { Controller, Get, Header, Param } from '@nestjs/common';
import { AccountRequired } from '../../auth/account-required.decorator.js';
import type { Caller } from '../../auth/caller.js';
import { CurrentCaller } from '../../auth/current-caller.decorator.js';
import { RegionHostOnly } from '../../auth/region-host-only.decorator.js';
import { Scoped } from '../../auth/scoped.decorator.js';
import { DomainImages } from '../../brand/images/domain-images.js';
import type { ImageKind } from '../../domains/domain-look.js';
import { Limited } from '../../limits/limited.decorator.js';
import { accountOf } from '../frame/account-of.js';
import { ExtidPipe } from './extid.pipe.js';
import { ImageKindPipe } from './image-kind.pipe.js';

/** `/domains/ID/images/KIND`: an image for its owner, on the region's own host. The domain itself may not serve yet. */
@Controller('domains/:id/images')
@RegionHostOnly()
export class ImageFileController {
  constructor(private readonly images: DomainImages) {}

  @Get(':kind')
  @AccountRequired()
  @Scoped('domains')
  @Limited('account read')
  @Header('content-type', 'image/png')
  @Header('cache-control', 'private, no-cache')
  @Header('content-security-policy', "sandbox; default-src 'none'")
  @Header('x-content-type-options', 'nosniff')
  @Header('cross-origin-resource-policy', 'same-origin')
  async image(
    @CurrentCaller() caller: Caller,
    @Param('id', ExtidPipe) extid: string,
    @Param('kind', ImageKindPipe) kind: ImageKind,
  ): Promise<Buffer> {
    const { bytes } = await this.images.get(accountOf(caller).id, extid, kind);
    return bytes;
  }
}
