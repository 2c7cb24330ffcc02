import type { FastifyReply } from 'fastify';

/** Characters that are made bytes in one go. */
const PART = 16 * 1024;
const COMMA = Buffer.from(',');

/**
 * The records of a long list in an answer, each made text in its turn. The whole is never one text: V8 would collect that
 * with the old generation only, which holds all requests up.
 */
export class JsonRecords {
  readonly #parts: Buffer[] = [];
  #texts: string[] = [];
  #length = 0;

  add(text: string): void {
    this.#texts.push(text);
    this.#length += text.length;
    if (this.#length > PART) this.#close();
  }

  /** What was added, with commas between. */
  get parts(): readonly Buffer[] {
    if (this.#texts.length > 0) this.#close();
    return this.#parts;
  }

  #close(): void {
    if (this.#parts.length > 0) this.#parts.push(COMMA);
    this.#parts.push(Buffer.from(this.#texts.join(',')));
    this.#texts = [];
    this.#length = 0;
  }
}

/** An answer that is JSON already. */
export function jsonAnswer(
  reply: FastifyReply,
  parts: readonly (string | readonly Buffer[])[],
): Buffer {
  // The same as Fastify writes for an object.
  void reply.type('application/json; charset=utf-8');
  return Buffer.concat(
    parts.flatMap((part) => (typeof part === 'string' ? Buffer.from(part) : part)),
  );
}
