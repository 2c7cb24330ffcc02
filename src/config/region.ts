import type { z } from 'zod';

/** A region's name, as in host names and in links: `eu`. */
export type Region = string & z.$brand<'Region'>;
