import { z } from 'zod';

// Parameters are flat and read leniently (v1-parameters.ts): numbers and booleans may be text, an empty one counts as
// absent, unknown ones are ignored.

/** Every way to send parameters; those of the body win over those of the query. */
export const V1_MEDIA_TYPES = [
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'application/json',
] as const;

const number = z.union([z.int(), z.string()]);
const passphrase = z.string().optional();
const flag = z.union([z.boolean(), z.string()]).optional();

const concealFields = {
  ttl: number.optional().meta({
    description: 'Seconds, at least 60. Absent or 0: seven days. At most what the plan allows.',
    example: 3600,
  }),
  passphrase: passphrase.meta({
    description: '4 to 128 characters that the recipient must know besides the link.',
  }),
  passphrase_attempts: number
    .optional()
    .meta({ description: 'Burns the secret after so many wrong passphrases, 1 to 100.' }),
  recipient: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .meta({ description: 'An e-mail address, which gets the link. Needs an account.' }),
  language: z
    .string()
    .optional()
    .meta({ description: 'Of that mail: en, de, fr, es, nl or ar. Anything else is English.' }),
  notify_opened: flag.meta({
    description: 'Mails the account when the secret is opened. Needs an account.',
  }),
  share_domain: z
    .string()
    .optional()
    .meta({ description: 'A serving custom domain of the account, for the link.' }),
};

export const shareSchema = z
  .object({
    secret: z.string().min(1).meta({ description: 'The value. It is stored byte for byte.' }),
    ...concealFields,
  })
  .meta({ id: 'V1ShareRequest' });

export const generateSchema = z
  .object({
    ...concealFields,
    length: number.optional().meta({ description: 'The length of the value, at most 128.' }),
    character_sets: z
      .object({ uppercase: flag, lowercase: flag, digits: flag, symbols: flag })
      .optional()
      .meta({ description: 'In a form: `character_sets[symbols]=true`.' }),
  })
  .meta({ id: 'V1GenerateRequest' });

export const passphraseSchema = z
  .object({ passphrase: passphrase.meta({ description: "The secret's, if it has one." }) })
  .meta({ id: 'V1PassphraseRequest' });

const key = (description: string, example: string) =>
  z.object({ key: z.string().meta({ description, example }) });

export const secretParams = key('The secret key.', '8kq3v5w0x1y2z3a4b5c6d7e8f9g0h1i');
export const metadataParams = key('The metadata key.', '5c6d7e8f9g0h1i8kq3v5w0x1y2z3a4b');
