import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Words that must turn up nowhere, and what they stand for. */
export class Canaries {
  readonly #names = new Map<string, string>();

  /** A new word that is part of nothing else. */
  word(name: string): string {
    return this.keep(name, `canary${randomBytes(10).toString('hex')}`);
  }

  /** One that the gateway made: a key, a token. */
  keep(name: string, text: string): string {
    if (text.length < 12) throw new Error(`too short to be looked for: ${name} ${text}`);
    this.#names.set(text, name);
    return text;
  }

  /** The names of those that are in there, as they are, in hexadecimal, or in base64. */
  foundIn(bytes: Buffer): string[] {
    return [...this.#names].flatMap(([text, name]) =>
      formsOf(text).some((form) => bytes.includes(form)) ? [name] : [],
    );
  }

  /** The same for every file below a folder, each with the file's path. */
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
  // Base64 depends on what stands before: without the first and last group, in each of the three phases.
  const base64 = [0, 1, 2].map((phase) =>
    Buffer.concat([Buffer.alloc(phase), bytes])
      .toString('base64')
      .slice(4, -4),
  );
  return [text, hex, hex.toUpperCase(), ...base64];
}
