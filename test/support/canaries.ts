import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Words that must not appear in any file or log, each with a name for the report. */
export class Canaries {
  readonly #names = new Map<string, string>();

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

  /** The names of the words found in the bytes, as text, in hexadecimal, or in base64. */
  foundIn(bytes: Buffer): string[] {
    return [...this.#names].flatMap(([text, name]) =>
      formsOf(text).some((form) => bytes.includes(form)) ? [name] : [],
    );
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

function formsOf(text: string): string[] {
  const bytes = Buffer.from(text);
  const hex = bytes.toString('hex');
  // The base64 text depends on the word's offset in its input: one form for each of the three offsets, without the
  // first and last group.
  const base64 = [0, 1, 2].map((phase) =>
    Buffer.concat([Buffer.alloc(phase), bytes])
      .toString('base64')
      .slice(4, -4),
  );
  return [text, hex, hex.toUpperCase(), ...base64];
}
