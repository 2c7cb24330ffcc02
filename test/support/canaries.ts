import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Words that must not appear in any file or log, each with a name for the report. */
export class Canaries {
  readonly #names = new Map<string, string>();
  readonly #bytes = new Map<Buffer, string>();

  /** A new random word. */
  word(name: string): string {
    return this.keep(name, `canary${randomBytes(10).toString('hex')}`);
  }

  /** Registers a word that the gateway made, such as a key or a token. */
  keep(name: string, text: string): string {
    if (text.length < 12) throw new Error(`too short to search for: ${name} ${text}`);
    this.#names.set(text, name);
    return text;
  }

  /** Registers what a text of the gateway encodes, such as the bytes of a key. */
  keepBytes(name: string, bytes: Buffer): void {
    if (bytes.length < 12) throw new Error(`too short to search for: ${name}`);
    this.#bytes.set(bytes, name);
  }

  /** The names of the words found in the bytes, as text, in hexadecimal, or in base64. */
  foundIn(bytes: Buffer): string[] {
    const isIn = (form: string | Buffer): boolean => bytes.includes(form);
    const words = [...this.#names].filter(([text]) =>
      [text, ...formsOf(Buffer.from(text))].some(isIn),
    );
    const keys = [...this.#bytes].filter(([raw]) => [raw, ...formsOf(raw)].some(isIn));
    return [...words, ...keys].map(([, name]) => name);
  }

  /** Searches every file below a folder; each result contains the file's path. */
  foundBelow(folder: string): string[] {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .flatMap((path) => this.foundIn(readFileSync(path)).map((name) => `${name} in ${path}`));
  }
}

function formsOf(bytes: Buffer): string[] {
  const hex = bytes.toString('hex');
  // The base64 text depends on the word's offset in its input: one form for each of the three offsets, without the
  // first and last group.
  const base64 = [0, 1, 2].map((phase) =>
    Buffer.concat([Buffer.alloc(phase), bytes])
      .toString('base64')
      .slice(4, -4),
  );
  return [hex, hex.toUpperCase(), ...base64];
}
