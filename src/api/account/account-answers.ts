import { z } from 'zod';
import { ACCOUNT_PLANS } from '../../accounts/plans.js';
import { TOKEN_SCOPES } from '../../accounts/tokens/token-scope.js';
import { LANGUAGES } from '../../shared/language.js';

const instant = z.iso.datetime();
const instantOrNull = instant.nullable();
const unixTime = z.int().meta({ description: 'Seconds since 1970.' });
const network = z.string().nullable().meta({
  description: 'The /24 or /48 of the address; null: no request.',
  example: '203.0.113.0/24',
});
const day = z.iso.date().nullable();

const envelopeFields = { user_id: z.string().meta({ description: "The account's id." }) };

const scopeSchema = z.enum(TOKEN_SCOPES);

export const tokenSchema = z
  .strictObject({
    id: z.uuid(),
    name: z.string(),
    scopes: z.array(scopeSchema),
    is_current: z.boolean().meta({ description: 'Whether this request was signed in by it.' }),
    is_expired: z.boolean(),
    created_at: instant,
    rotated_at: instantOrNull,
    expires_at: instantOrNull,
    last_used_on: day.meta({ description: 'The day, in UTC, of the last use.' }),
    last_used_from: network,
    replaced: z
      .array(
        z.strictObject({
          valid_until: instantOrNull,
          last_used_on: day,
          last_used_from: network,
        }),
      )
      .meta({ description: 'Values that a rotation has replaced and that are still valid.' }),
  })
  .meta({ id: 'Token', description: 'An API token, without its value.' });

export const tokensAnswerSchema = z.strictObject({
  ...envelopeFields,
  records: z.array(tokenSchema),
  count: z.int(),
});

export const tokenAnswerSchema = z.strictObject({ ...envelopeFields, record: tokenSchema });

export const newTokenAnswerSchema = z.strictObject({
  ...envelopeFields,
  record: tokenSchema
    .extend({
      token: z.string().meta({
        description: 'The password of HTTP Basic, 40 hex digits. It is shown this once.',
        example: '0123456789abcdef0123456789abcdef01234567',
      }),
    })
    .meta({ id: 'TokenWithValue', description: 'An API token and its value.' }),
});

/** Upstream's shape of a renewed token. */
export const apiTokenAnswerSchema = z.strictObject({
  ...envelopeFields,
  record: z.strictObject({ apitoken: z.string(), active: z.literal(true) }),
  details: z.strictObject({}),
});

/** Upstream's fields of an account, whose names and types are fixed. */
const customerSchema = z.strictObject({
  objid: z.string(),
  extid: z.string().meta({ example: 'ur0000000000000000000000001' }),
  email: z.string(),
  role: z.literal('customer'),
  verified: z.literal(true),
  active: z.literal(true),
  last_login: unixTime.nullable(),
  locale: z.enum(LANGUAGES).meta({ description: 'The language of mails to its address.' }),
  created: unixTime,
  updated: unixTime,
});

export const ENTITLEMENTS = [
  'api_access',
  'create_secrets',
  'view_receipt',
  'extended_default_expiration',
  'custom_domains',
  'homepage_secrets',
] as const;

export const accountAnswerSchema = z.strictObject({
  ...envelopeFields,
  record: z
    .strictObject({
      apitoken: z.null().meta({ description: 'A token is shown when it is made, never again.' }),
      cust: customerSchema,
      id: z.string(),
      extid: z.string(),
      email: z.string(),
      created_at: instant,
      updated_at: instant,
      plan: z.enum(ACCOUNT_PLANS),
      language: z.enum(LANGUAGES).nullable().meta({
        description: 'Of mails to its address; null: the default, English.',
      }),
      notices: z.boolean().meta({
        description: 'Whether notices are mailed to its address. Codes are mailed in any case.',
      }),
      entitlements: z.array(z.enum(ENTITLEMENTS)),
      limits: z.strictObject({
        secret_ttl: z.int().meta({ description: 'The longest time to live, in seconds.' }),
        secret_bytes: z.int(),
        custom_domains: z.int(),
        api_tokens: z.int(),
      }),
      usage: z.strictObject({
        custom_domains: z.int(),
        api_tokens: z.int(),
        unread_secrets: z.int(),
        unread_secrets_is_minimum: z
          .boolean()
          .meta({ description: 'Whether there are more than were counted.' }),
      }),
    })
    .meta({ id: 'Account', description: "The caller's account." }),
  details: z.strictObject({}),
});

export const activityAnswerSchema = z.strictObject({
  ...envelopeFields,
  records: z.array(
    z
      .strictObject({
        id: z.string(),
        at: instant,
        actor: z.enum(['token', 'browser', 'operator', 'gateway']),
        actor_name: z
          .string()
          .nullable()
          .meta({ description: "The token's name, or the browser." }),
        action: z.string().meta({ example: 'token.created' }),
        subject: z.record(z.string(), z.unknown()),
        network,
      })
      .meta({ id: 'Activity', description: 'One change of an account.' }),
  ),
  count: z.int().meta({ description: 'The entries of this page.' }),
  next_cursor: z.string().nullable(),
});

export const closingAnswerSchema = z.strictObject({
  ...envelopeFields,
  record: z
    .strictObject({
      unread_secrets: z.int().meta({ description: 'They are burned.' }),
      unread_secrets_is_minimum: z.boolean(),
      domains: z.array(z.string()).meta({ description: 'They are released; the first 200.' }),
      domain_count: z.int(),
      api_tokens: z.int().meta({ description: 'They are revoked.' }),
      confirmation: z.string().meta({ description: 'To be sent back to close the account.' }),
      expires_at: instant,
    })
    .meta({ id: 'ClosingPreview', description: 'What closing the account destroys.' }),
});

export const closedAnswerSchema = z.strictObject({
  ...envelopeFields,
  record: z.strictObject({
    email: z.string(),
    state: z.enum(['closed', 'closing']).meta({
      description: 'closing: so many secrets were unread that the last are burned afterwards.',
    }),
  }),
});

export const emailChangeAnswerSchema = z.strictObject({
  ...envelopeFields,
  record: z
    .strictObject({
      state: z.enum(['pending', 'changed']),
      email: z.string().meta({ description: 'The new address.' }),
      old_confirmed: z.boolean(),
      new_confirmed: z.boolean(),
      expires_at: instantOrNull.meta({ description: 'When the codes end; null once changed.' }),
    })
    .meta({ id: 'EmailChange', description: 'A change of address.' }),
});

const records = z.array(z.record(z.string(), z.unknown()));

/** A file for a person: the fields of its records may grow. */
export const exportSchema = z
  .strictObject({
    format: z.literal('onetime-account-export'),
    version: z.literal(1),
    exported_at: instant,
    account: z.record(z.string(), z.unknown()),
    email_change: z.record(z.string(), z.unknown()).nullable(),
    tokens: z.array(tokenSchema),
    sign_in_factors: records,
    passkeys: records,
    sessions: records,
    domains: records,
    domain_events: records,
    setup_links: records,
    domain_transfers: records,
    domain_moves: records,
    domain_images: records,
    webhooks: records,
    webhook_deliveries: records,
    secrets: records,
    idempotency_keys: records,
    activity: records,
  })
  .meta({ id: 'AccountExport', description: 'Everything that is kept about an account.' });

export const cancelledAnswerSchema = z.strictObject({
  ...envelopeFields,
  record: z.strictObject({}),
});

export type TokenRecordAnswer = z.infer<typeof tokenSchema>;
export type TokensAnswer = z.infer<typeof tokensAnswerSchema>;
export type TokenAnswer = z.infer<typeof tokenAnswerSchema>;
export type NewTokenAnswer = z.infer<typeof newTokenAnswerSchema>;
export type ApiTokenAnswer = z.infer<typeof apiTokenAnswerSchema>;
export type AccountAnswer = z.infer<typeof accountAnswerSchema>;
export type ClosingAnswer = z.infer<typeof closingAnswerSchema>;
export type ClosedAnswer = z.infer<typeof closedAnswerSchema>;
export type EmailChangeAnswer = z.infer<typeof emailChangeAnswerSchema>;
export type CancelledAnswer = z.infer<typeof cancelledAnswerSchema>;
export type ActivityAnswer = z.infer<typeof activityAnswerSchema>;
