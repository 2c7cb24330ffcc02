import { z } from 'zod';
import type { PageEnd } from './domain.store.js';

const TIMESTAMP = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d{1,6})?)([+-]\d\d)(?::\d\d)?$/;

const pageEnd = z.tuple([z.string().refine(isTimestamp), z.uuid()]);

/** The end of a page as an opaque cursor. */
export function encodeCursor({ at, id }: PageEnd): string {
  return Buffer.from(JSON.stringify([at, id])).toString('base64url');
}

/** Null for text that encodeCursor() did not produce. */
export function decodeCursor(text: string): PageEnd | null {
  try {
    const parsed = pageEnd.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString()));
    return parsed.success ? { at: parsed.data[0], id: parsed.data[1] } : null;
  } catch {
    return null;
  }
}

/** In the text format of PostgreSQL. */
function isTimestamp(text: string): boolean {
  const [, day, time, zone] = TIMESTAMP.exec(text) ?? [];
  return !Number.isNaN(Date.parse(`${day}T${time}${zone}:00`));
}
