import { z } from 'zod';
import { SETUP_LINK_DAYS } from '../../domains/setup-link.js';

const userId = z.string();

const setupLinkSchema = z
  .object({ id: z.uuid(), created: z.iso.datetime(), expires: z.iso.datetime() })
  .meta({ id: 'SetupLink' });

export const newSetupLinkAnswerSchema = z.object({
  user_id: userId,
  record: setupLinkSchema
    .extend({
      url: z.url().meta({
        description: `Opens the set-up page of this domain for ${SETUP_LINK_DAYS} days, without sign-in. It is not shown again.`,
        example: 'https://eu.onetime.example/setup/0123456789abcdefghijklmnopqrstuv',
      }),
    })
    .meta({ id: 'NewSetupLink' }),
});

export const setupLinksAnswerSchema = z.object({
  user_id: userId,
  records: z.array(setupLinkSchema),
  count: z.int(),
});

export const revokedSetupLinksAnswerSchema = z.object({
  user_id: userId,
  record: z.object({ revoked: z.int().meta({ description: 'How many links ended.' }) }),
});

export type SetupLinkRecord = z.infer<typeof setupLinkSchema>;
export type NewSetupLinkAnswer = z.infer<typeof newSetupLinkAnswerSchema>;
export type SetupLinksAnswer = z.infer<typeof setupLinksAnswerSchema>;
export type RevokedSetupLinksAnswer = z.infer<typeof revokedSetupLinksAnswerSchema>;
