import { z } from 'zod';

const LIMIT_MAX = 100;

export const PREFIX = '/admin/v1/regions/{region}';

export const regionParams = z.object({
  region: z.string().meta({ description: 'A region that this process serves.', example: 'eu' }),
});

/** Text without control characters: the database takes no NUL. */
export function plainText(error: string, max: number) {
  return z
    .string({ error })
    .trim()
    .min(1, error)
    .max(max)
    .regex(/^\P{Cc}*$/u, { error });
}

/** The address of an account. */
export const emailText = plainText('expected the e-mail address of an account', 320);

/** Of every list. */
export const pageQuery = z.object({
  limit: z
    .string()
    .regex(/^(?:[1-9]\d?|100)$/, { error: `limit is a number from 1 to ${LIMIT_MAX}` })
    .prefault('25')
    .transform(Number)
    .meta({ description: `The number of records of a page, at most ${LIMIT_MAX}.`, example: '25' }),
  cursor: z
    .string()
    .max(500)
    .optional()
    .transform((text) => text ?? null)
    .meta({ description: 'The next_cursor of the page before; absent for the first page.' }),
});

export const nextCursor = z
  .string()
  .nullable()
  .meta({ description: 'The cursor of the next page; null on the last one.' });

export const instant = z.iso.datetime().meta({ example: '2026-11-26T20:00:00.000Z' });
export const instantOrNull = z.iso.datetime().nullable();

export function isoOrNull(at: Date | null): string | null {
  return at?.toISOString() ?? null;
}
