import { z } from 'zod';

export const imageAnswerSchema = z.object({
  user_id: z.string(),
  record: z.object({
    encoded: z.string().meta({ description: 'The image as it is served, in Base64.' }),
    filename: z.string(),
    content_type: z.literal('image/png'),
    height: z.int(),
    width: z.int(),
    ratio: z.number().meta({ description: 'Width by height.' }),
    bytes: z.int(),
  }),
  details: z.object({}),
});

export const imageRemovalAnswerSchema = z.object({
  user_id: z.string(),
  record: z.object({}),
  message: z.string(),
});

export type ImageAnswer = z.infer<typeof imageAnswerSchema>;
export type ImageRemovalAnswer = z.infer<typeof imageRemovalAnswerSchema>;
