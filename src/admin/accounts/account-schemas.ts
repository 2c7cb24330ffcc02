import { z } from 'zod';
import { regionParams } from '../admin-schemas.js';

export const email = z
  .string({ error: 'email is the address of an account' })
  .min(1, 'email is the address of an account')
  .max(320)
  .meta({
    description: "The account's e-mail address, in any letter case.",
    example: 'ann@example.com',
  });

export const accountParams = z.object({ ...regionParams.shape, email });
