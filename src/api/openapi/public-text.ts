import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';

const compress = promisify(gzip);
const GZIP = /(?:^|,)\s*gzip\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))[^,]*)?(?:,|$)/i;

interface Representation {
  readonly bytes: Buffer;
  /** Strong: it names exactly these bytes. */
  readonly etag: string;
}

/**
 * A text that is the same for everyone and on every host, and has nothing of a customer: the one exception from
 * `no-store` below `/api`. It is compressed once, when somebody first asks for that.
 */
export class PublicText {
  readonly #plain: Representation;
  #compressed: Promise<Representation> | null = null;

  /** @param cacheControl of the answer, in place of `no-store` */
  constructor(
    text: string,
    private readonly type: string,
    private readonly cacheControl: string,
  ) {
    this.#plain = representationOf(Buffer.from(text));
  }

  /** Changes with the text: for a URL that may be cached forever. */
  get version(): string {
    return this.#plain.etag.slice(1, 13);
  }

  /** Sets the headers, and returns the body: none when the caller has it already. */
  async send({ headers }: FastifyRequest, reply: FastifyReply): Promise<Buffer | undefined> {
    const takesGzip = GZIP.test(headers['accept-encoding'] ?? '');
    const { bytes, etag } = takesGzip ? await this.#gzip() : this.#plain;
    void reply.headers({ etag, 'cache-control': this.cacheControl, vary: 'accept-encoding' });
    if (namesTag(headers['if-none-match'], etag)) {
      void reply.status(304);
      return undefined;
    }
    void reply.header('content-type', `${this.type}; charset=utf-8`);
    if (takesGzip) void reply.header('content-encoding', 'gzip');
    return bytes;
  }

  #gzip(): Promise<Representation> {
    this.#compressed ??= compress(this.#plain.bytes).then(representationOf);
    return this.#compressed;
  }
}

function representationOf(bytes: Buffer): Representation {
  const digest = createHash('sha256').update(bytes).digest('base64url');
  return { bytes, etag: `"${digest}"` };
}

/** RFC 9110 section 13.1.2: If-None-Match compares weakly. */
function namesTag(header: string | undefined, etag: string): boolean {
  const tags = (header ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes('*') || tags.includes(etag);
}
