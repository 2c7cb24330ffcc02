import { z } from 'zod';

const KEY = /^[0-9a-z]{31}$/;
const SECRET_KEY_EXAMPLE = '8kq3v5w0x1y2z3a4b5c6d7e8f9g0h1i';
const METADATA_KEY_EXAMPLE = '5c6d7e8f9g0h1i8kq3v5w0x1y2z3a4b';

const unixTime = (description: string) =>
  z.int().meta({ description: `${description}, in seconds since 1970.`, example: 1_795_435_200 });
const seconds = (description: string) => z.int().min(0).meta({ description, example: 3600 });
const masked = z.array(z.string()).meta({
  description: 'Masked.',
  example: ['fo*****@e*****.com'],
});
const origin = z.url().meta({ example: 'https://eu.onetime.example' });

/** A metadata key, as answers have it. */
const metadataKey = z.string().regex(KEY).meta({
  description: 'Opens the receipt and burns the secret. Keep it.',
  example: METADATA_KEY_EXAMPLE,
});
const secretKey = z.string().regex(KEY).meta({
  description: 'Opens the secret, once: it belongs to the recipient.',
  example: SECRET_KEY_EXAMPLE,
});
/** Empty once the secret is gone. */
const secretKeyOrEmpty = z.union([secretKey, z.literal('')]);

/** The fields of every metadata answer: each classic name, and the newer name of the same value. */
const metadataFields = {
  custid: z.string().meta({
    description: "The caller's e-mail address; `anon` without an account.",
    example: 'anon',
  }),
  metadata_key: metadataKey,
  identifier: metadataKey,
  ttl: seconds('The lifetime that was granted to the secret.'),
  metadata_ttl: seconds('For how long the receipt can still be read.'),
  receipt_ttl: seconds('For how long the receipt can still be read.'),
  state: z
    .enum(['new', 'viewed', 'received', 'burned', 'expired', 'orphaned'])
    .meta({ description: '`viewed`: the receipt was read. `received`: the secret was.' }),
  created: unixTime('When the secret was made'),
  updated: unixTime('When the state last changed'),
  received: unixTime('When the secret was read').optional(),
  recipient: masked,
  recipients: masked,
  email_sent: z
    .boolean()
    .optional()
    .meta({ description: 'With a recipient only: whether the mail with the link was queued.' }),
  passphrase_attempts_left: z
    .int()
    .optional()
    .meta({ description: 'With `passphrase_attempts` only: how many wrong passphrases are left.' }),
  share_domain: z
    .string()
    .meta({ description: 'The custom domain in the link, or empty.', example: '' }),
  metadata_url: z.url(),
  receipt_url: z.url(),
};

const passphraseFields = { passphrase_required: z.boolean(), has_passphrase: z.boolean() };

const sharedFields = {
  ...metadataFields,
  secret_key: secretKey,
  secret_identifier: secretKey,
  secret_ttl: seconds('The time that the secret has left.').nullable(),
  ...passphraseFields,
};

const generatedValue = z.string().meta({ example: 'Kx7pQ2mRt9Zb' });

export const statusSchema = z
  .object({ status: z.literal('nominal'), locale: z.literal('en') })
  .meta({ id: 'V1Status' });

export const sharedSchema = z.object(sharedFields).meta({
  id: 'V1Shared',
  description: 'A new secret.',
});

export const generatedSchema = z
  .object({ ...sharedFields, value: generatedValue, secret_value: generatedValue })
  .meta({ id: 'V1Generated', description: 'A new secret and its value, shown this once.' });

export const fetchedSchema = z
  .object({
    ...metadataFields,
    secret_key: secretKeyOrEmpty.optional(),
    secret_identifier: secretKeyOrEmpty.optional(),
    secret_ttl: z.int().nullable().optional(),
    passphrase_required: z.boolean().optional(),
    has_passphrase: z.boolean().optional(),
  })
  .meta({
    id: 'V1Metadata',
    description: 'A receipt. It has no `secret_…` once the state is `received`.',
  });

export const recentSchema = z
  .array(z.object({ ...metadataFields, secret_ttl: z.null().optional() }))
  .meta({ id: 'V1Recent', description: 'Nothing in it opens a secret.' });

export const burnedSchema = z
  .object({
    state: z.object({
      ...metadataFields,
      secret_key: secretKeyOrEmpty,
      secret_identifier: secretKeyOrEmpty,
      secret_ttl: z.null(),
    }),
    secret_shortkey: z
      .string()
      .length(6)
      .meta({ description: 'The beginning of the key that no longer opens anything.' }),
  })
  .meta({ id: 'V1Burned' });

export const revealedSchema = z
  .object({
    value: z.string(),
    secret_key: z.string(),
    share_domain: origin.meta({ description: 'The origin of the link.' }),
  })
  .meta({ id: 'V1Revealed', description: 'The value. It is deleted now.' });

export type StatusBody = z.infer<typeof statusSchema>;
export type SharedBody = z.infer<typeof sharedSchema>;
export type GeneratedBody = z.infer<typeof generatedSchema>;
export type FetchedBody = z.infer<typeof fetchedSchema>;
export type RecentBody = z.infer<typeof recentSchema>;
export type BurnedBody = z.infer<typeof burnedSchema>;
export type RevealedBody = z.infer<typeof revealedSchema>;
