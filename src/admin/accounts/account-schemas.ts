import { z } from 'zod';
import { emailText, regionParams } from '../admin-schemas.js';

export const email = emailText.meta({
  description: "The account's e-mail address, in any letter case.",
  example: 'ann@example.com',
});

export const accountParams = z.object({ ...regionParams.shape, email });
