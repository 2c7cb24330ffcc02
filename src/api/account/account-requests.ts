import { z } from 'zod';
import {
  parseTokenName,
  TOKEN_EXPIRY_SECONDS,
  TOKEN_NAME_RULE,
  TOKEN_OVERLAP_SECONDS_MAX,
} from '../../accounts/tokens/token-rules.js';
import { TOKEN_SCOPES } from '../../accounts/tokens/token-scope.js';
import { LANGUAGES } from '../../shared/language.js';
import { pageCursor, pageLimit } from '../body/page-request.js';

const scopes = z
  .array(z.enum(TOKEN_SCOPES), { error: `scopes is a list of ${TOKEN_SCOPES.join(', ')}` })
  .min(1, 'Name at least one scope')
  .max(TOKEN_SCOPES.length);

const expiresIn = z
  .int({ error: 'expires_in is a number of seconds, or null' })
  .min(TOKEN_EXPIRY_SECONDS.min, `expires_in is at least ${TOKEN_EXPIRY_SECONDS.min}`)
  .max(TOKEN_EXPIRY_SECONDS.max, `expires_in is at most ${TOKEN_EXPIRY_SECONDS.max}`)
  .nullable();

/** The id of a token in a path. */
export const tokenIdSchema = z.uuid().meta({
  description: 'The id of an API token.',
  example: '6a0c6f2e-7a43-4c0e-9a0e-0f4f5b0b7c11',
});

export const createTokenSchema = z
  .object({
    name: z
      .string({ error: TOKEN_NAME_RULE })
      .transform((text, context) => {
        const name = parseTokenName(text);
        if (name !== null) return name;
        context.issues.push({ code: 'custom', message: TOKEN_NAME_RULE, input: text });
        return z.NEVER;
      })
      .meta({ description: 'A name that no other token of the account has.', example: 'backup' }),
    scopes: scopes.meta({ description: 'What it may be used for.', example: ['read', 'create'] }),
    expires_in: expiresIn
      .default(null)
      .meta({ description: 'Seconds for which it is valid; null: until it is revoked.' }),
  })
  .meta({ id: 'NewToken', description: 'A token to create.' });

export const rotateTokenSchema = z
  .object({
    overlap: z
      .int({ error: 'overlap is a number of seconds' })
      .min(0, 'overlap is not negative')
      .max(TOKEN_OVERLAP_SECONDS_MAX, `overlap is at most ${TOKEN_OVERLAP_SECONDS_MAX}`)
      .default(0)
      .meta({ description: 'Seconds for which the value before stays valid.', example: 3600 }),
    expires_in: expiresIn
      .optional()
      .meta({ description: 'As of a new token. Absent: the expiry stays as it is.' }),
  })
  .meta({ id: 'TokenRotation', description: 'How a token gets a new value.' });

export const emailChangeSchema = z
  .object({
    email: z
      .string({ error: 'Send the new address' })
      .max(320, 'This is not an e-mail address.')
      .meta({ description: 'The new address.', example: 'new@example.com' }),
  })
  .meta({ id: 'NewEmail', description: 'An address to change to.' });

export const emailCodeSchema = z
  .object({
    code: z
      .string({ error: 'Send the code of one of the two messages' })
      .min(1, 'Send the code of one of the two messages')
      .max(64, 'This is not the code.')
      .meta({
        description: 'The code that one of the addresses got.',
        example: 'ab12-cd34-ef56-gh78',
      }),
  })
  .meta({ id: 'EmailCode', description: 'The proof that a message was read.' });

export const closeSchema = z
  .object({
    confirmation: z
      .string({ error: 'Send the confirmation of GET /api/account/closing' })
      .max(200, 'This is not a confirmation of this account.')
      .meta({ description: 'The `confirmation` of what goes, at most 15 minutes old.' }),
  })
  .meta({ id: 'Closing', description: 'The confirmation that the account is to be closed.' });

export const changeAccountSchema = z
  .object({
    language: z
      .enum(LANGUAGES, { error: `language is one of ${LANGUAGES.join(', ')}, or null` })
      .nullable()
      .optional()
      .meta({
        description: 'Of mails to its address; null: the default. Absent: it stays.',
        example: 'de',
      }),
    notices: z
      .boolean({ error: 'notices is true or false' })
      .optional()
      .meta({ description: 'Whether notices are mailed to its address. Absent: it stays.' }),
  })
  .meta({ id: 'AccountChange', description: 'What changes of an account. What is absent stays.' });

export const activityQuerySchema = z.object({ limit: pageLimit, cursor: pageCursor });

export type ChangeAccountRequest = z.infer<typeof changeAccountSchema>;
export type CreateTokenRequest = z.infer<typeof createTokenSchema>;
export type RotateTokenRequest = z.infer<typeof rotateTokenSchema>;
export type EmailChangeRequest = z.infer<typeof emailChangeSchema>;
export type EmailCodeRequest = z.infer<typeof emailCodeSchema>;
export type CloseRequest = z.infer<typeof closeSchema>;
export type ActivityQuery = z.infer<typeof activityQuerySchema>;
