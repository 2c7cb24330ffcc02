import { z } from 'zod';

const LIMIT_MAX = 100;
const LIMIT = /^(?:0{0,2}[1-9]|0?[1-9]\d|100)$/;

/** How many records of a list are asked for, in a query string. */
export const pageLimit = z
  .string()
  .regex(LIMIT, { error: `limit is a number from 1 to ${LIMIT_MAX}` })
  .prefault('25')
  .transform(Number)
  .meta({ description: `The number of records of a page, at most ${LIMIT_MAX}.`, example: '25' });

export const pageCursor = z
  .string({ error: 'The cursor is not one of ours: take next_cursor of the page before' })
  .max(500)
  .optional()
  .transform((text) => text ?? null)
  .meta({ description: 'The next_cursor of the page before; absent for the first page.' });
