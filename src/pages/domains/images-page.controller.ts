import { Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { PIXELS_MAX, IMAGE_BYTES_MAX } from '../../brand/images/image-codec.js';
import { DomainImages } from '../../brand/images/domain-images.js';
import { readImage } from '../../brand/images/image-body.js';
import type { ImageKind } from '../../domains/domain-look.js';
import { DomainsService } from '../../domains/domains.service.js';
import { Limited } from '../../limits/limited.decorator.js';
import { AppError } from '../../shared/app-error.js';
import { accountOf } from '../frame/account-of.js';
import { AccountPages } from '../frame/account-pages.decorator.js';
import { tryAgainLater, type FormAlert } from '../frame/form-alert.js';
import { CurrentVisit, type Visit } from '../frame/frames.js';
import { seeOther, type Page } from '../frame/page.js';
import { SameOriginOnly } from '../frame/same-origin-only.decorator.js';
import { hasText, type Texts } from '../messages/messages.js';
import { actorOf } from './domain-caller.js';
import { ExtidPipe } from './extid.pipe.js';
import { ImageKindPipe } from './image-kind.pipe.js';
import { livePage } from './live-page.js';
import { SAVED_PARAMETER } from './views/form-parts.js';
import { ImagesPage } from './views/images-page.js';

/** `/domains/ID/images`: the logos and the icon of a domain, uploaded and removed. */
@AccountPages('domains/:id/images', 'domains')
export class ImagesPageController {
  constructor(
    private readonly domains: DomainsService,
    private readonly images: DomainImages,
  ) {}

  @Get()
  @Limited('account read')
  show(
    @CurrentVisit() visit: Visit,
    @Param('id', ExtidPipe) extid: string,
    @Query(SAVED_PARAMETER) saved?: unknown,
  ): Promise<Page> {
    return this.#page(visit, extid, { isSaved: saved !== undefined });
  }

  @Post(':kind')
  @HttpCode(200)
  @Limited('domain change')
  @SameOriginOnly()
  async upload(
    @CurrentVisit() visit: Visit,
    @Param('id', ExtidPipe) extid: string,
    @Param('kind', ImageKindPipe) kind: ImageKind,
    @Req() { body, headers }: FastifyRequest,
  ): Promise<Page> {
    const { caller, frame } = visit;
    try {
      const file = await readImage(body, headers['content-type']);
      await this.images.put(accountOf(caller), extid, { kind, file }, actorOf(caller));
      return seeOther(`/domains/${extid}/images?${SAVED_PARAMETER}=1`);
    } catch (error) {
      const refused = refusalOf(frame.texts, kind, error);
      if (refused === null) throw error;
      return this.#page(visit, extid, { refused: { kind, ...refused } });
    }
  }

  @Post(':kind/remove')
  @Limited('domain change')
  @SameOriginOnly()
  async remove(
    @CurrentVisit() { caller }: Visit,
    @Param('id', ExtidPipe) extid: string,
    @Param('kind', ImageKindPipe) kind: ImageKind,
  ): Promise<Page> {
    await this.images.remove(accountOf(caller).id, extid, kind, actorOf(caller));
    return seeOther(`/domains/${extid}/images?${SAVED_PARAMETER}=1`);
  }

  async #page({ caller, frame }: Visit, extid: string, shown: Shown): Promise<Page> {
    const { id } = accountOf(caller);
    const { displayName, look } = await this.domains.get(id, extid);
    const { refused = null, isSaved = false } = shown;
    const props = {
      name: displayName,
      path: `/domains/${extid}`,
      images: look.images,
      refused: refused && { kind: refused.kind, error: refused.alert },
      isSaved,
    };
    return livePage(frame, ImagesPage, props, {
      status: refused?.status ?? 200,
      headers: refused?.headers ?? {},
    });
  }
}

interface Shown {
  /** Why an image was not taken. */
  readonly refused?: FormAlert & { readonly kind: ImageKind };
  readonly isSaved?: boolean;
}

/** Null for an error that needs another page. */
function refusalOf(texts: Texts, kind: ImageKind, error: unknown): FormAlert | null {
  if (!(error instanceof AppError)) return null;
  if (error.code === 'busy') return tryAgainLater(texts, error, texts('images.refused.busy'));
  if (error.code === 'plan_required')
    return { status: 403, headers: {}, alert: texts('domains.plan.lapsed') };
  if (error.code !== 'invalid_request') return null;
  const key = `images.refused.${error.reason ?? ''}`;
  const values = {
    bytes: IMAGE_BYTES_MAX[kind === 'icon' ? 'icon' : 'logo'],
    millions: PIXELS_MAX / 1_000_000,
  };
  const alert = texts(hasText(key) ? key : 'images.refused.IMAGE_DAMAGED', values);
  return { status: 400, headers: {}, alert };
}
