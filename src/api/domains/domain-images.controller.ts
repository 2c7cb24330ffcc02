import { Body, Delete, Get, HttpCode, Param, Post, Put, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Account } from '../../accounts/account.js';
import type { Grantor } from '../../accounts/tokens/tokens.service.js';
import { DomainImages } from '../../brand/images/domain-images.js';
import { readImage } from '../../brand/images/image-body.js';
import type { EncodedImage } from '../../brand/images/image-codec.js';
import { IMAGE_KINDS, type ImageKind } from '../../domains/domain-look.js';
import { Limited } from '../../limits/limited.decorator.js';
import { Acting } from '../account/acting.decorator.js';
import type { ImageAnswer, ImageRemovalAnswer } from './domain-image-answers.js';
import { extidSchema } from './domain-requests.js';
import { DomainRoutes } from './domain-routes.decorator.js';
import { SignedIn } from './signed-in.decorator.js';

const PATHS = IMAGE_KINDS.map((kind) => `:id/${kind}`);

/** The logos and the icon of a domain. No idempotency keys: the same image again changes nothing. */
@DomainRoutes({ isRepeatable: false })
export class DomainImagesController {
  constructor(private readonly images: DomainImages) {}

  @Get(PATHS)
  async show(
    @SignedIn() account: Account,
    @Param('id', { schema: extidSchema }) extid: string,
    @Req() request: FastifyRequest,
  ): Promise<ImageAnswer> {
    const kind = kindIn(request);
    return present(account, kind, await this.images.get(account.id, extid, kind));
  }

  @Put(PATHS)
  @Limited('domain change')
  put(
    @SignedIn() account: Account,
    @Param('id', { schema: extidSchema }) extid: string,
    @Req() request: FastifyRequest,
    @Body() body: unknown,
    @Acting() grantor: Grantor,
  ): Promise<ImageAnswer> {
    return this.#put(
      account,
      { extid, kind: kindIn(request), body, type: typeOf(request) },
      grantor,
    );
  }

  /** As upstream's clients do it. */
  @Post(PATHS)
  @HttpCode(200)
  @Limited('domain change')
  post(
    @SignedIn() account: Account,
    @Param('id', { schema: extidSchema }) extid: string,
    @Req() request: FastifyRequest,
    @Body() body: unknown,
    @Acting() grantor: Grantor,
  ): Promise<ImageAnswer> {
    return this.#put(
      account,
      { extid, kind: kindIn(request), body, type: typeOf(request) },
      grantor,
    );
  }

  @Delete(PATHS)
  @Limited('domain change')
  async remove(
    @SignedIn() { id }: Account,
    @Param('id', { schema: extidSchema }) extid: string,
    @Req() request: FastifyRequest,
    @Acting() { actor }: Grantor,
  ): Promise<ImageRemovalAnswer> {
    await this.images.remove(id, extid, kindIn(request), actor);
    return { user_id: id, record: {}, message: 'The image is removed' };
  }

  async #put(account: Account, upload: Upload, { actor }: Grantor): Promise<ImageAnswer> {
    const { extid, kind, body, type } = upload;
    const file = await readImage(body, type);
    return present(account, kind, await this.images.put(account, extid, { kind, file }, actor));
  }
}

interface Upload {
  readonly extid: string;
  readonly kind: ImageKind;
  readonly body: unknown;
  readonly type: string | undefined;
}

function typeOf({ headers }: FastifyRequest): string | undefined {
  return headers['content-type'];
}

function kindIn({ routeOptions: { url } }: FastifyRequest): ImageKind {
  const kind = IMAGE_KINDS.find((known) => url?.endsWith(`/${known}`));
  if (kind === undefined) throw new Error(`${url} names no image`);
  return kind;
}

function present(
  { id }: Account,
  kind: ImageKind,
  { bytes, width, height }: EncodedImage,
): ImageAnswer {
  return {
    user_id: id,
    record: {
      encoded: bytes.toString('base64'),
      filename: `${kind}.png`,
      content_type: 'image/png',
      height,
      width,
      ratio: width / height,
      bytes: bytes.length,
    },
    details: {},
  };
}
