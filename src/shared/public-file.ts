import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { acceptedCoding, type ContentCoding } from './content-coding.js';

/** The best one takes seconds for a large script, and saves a few percent. */
const BROTLI_QUALITY = 9;
const brotli = promisify(brotliCompress);
const COMPRESS = {
  br: (bytes: Buffer) =>
    brotli(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } }),
  gzip: promisify(gzip),
} as const satisfies Record<ContentCoding, unknown>;

interface Representation {
  readonly bytes: Buffer;
  /** Strong: it names exactly these bytes. */
  readonly etag: string;
}

/**
 * A file that is the same for everyone, and has nothing of a customer's secrets: it may be cached. A text is compressed
 * once, when somebody first asks for that.
 */
export class PublicFile {
  readonly #plain: Representation;
  readonly #isText: boolean;
  readonly #compressed = new Map<ContentCoding, Promise<Representation>>();

  /**
   * @param content a Buffer is an image, which is compressed in itself
   * @param cacheControl of the answer, in place of `no-store`
   */
  constructor(
    content: string | Buffer,
    private readonly type: string,
    private readonly cacheControl: string,
  ) {
    this.#plain = representationOf(Buffer.from(content));
    this.#isText = typeof content === 'string';
  }

  /** Changes with the text: for a URL that may be cached forever. */
  get version(): string {
    return this.#plain.etag.slice(1, 13);
  }

  /** Sets the headers, and returns the body: none when the caller has it already. */
  async send(
    { headers }: FastifyRequest,
    reply: FastifyReply,
    cacheControl = this.cacheControl,
  ): Promise<Buffer | undefined> {
    const coding = this.#isText ? acceptedCoding(headers['accept-encoding']) : null;
    const { bytes, etag } = coding === null ? this.#plain : await this.#encoded(coding);
    void reply.headers({ etag, 'cache-control': cacheControl, vary: 'accept-encoding' });
    if (namesTag(headers['if-none-match'], etag)) {
      void reply.status(304);
      return undefined;
    }
    void reply.header('content-type', this.#isText ? `${this.type}; charset=utf-8` : this.type);
    if (coding !== null) void reply.header('content-encoding', coding);
    return bytes;
  }

  #encoded(coding: ContentCoding): Promise<Representation> {
    const known = this.#compressed.get(coding);
    if (known !== undefined) return known;
    const made = COMPRESS[coding](this.#plain.bytes).then(representationOf);
    this.#compressed.set(coding, made);
    return made;
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
