import { z } from 'zod';

const seconds = z.int().meta({ description: 'A duration in seconds.' });
const instant = z.number().meta({ description: 'Seconds since 1970, with fractions.' });
const wholeInstant = z.int().meta({ description: 'Seconds since 1970.' });
const instantOrNull = wholeInstant.nullable();
const key = z.string().meta({ example: 'abcdefghij0123456789klmnopqrst0' });
const state = z.enum(['new', 'revealed', 'burned', 'expired', 'orphaned']);
const host = z.string().nullable().meta({ description: "A custom domain, or null: the region's." });

const previews = {
  is_previewed: z.boolean().meta({ description: 'Whether somebody looked at the link by API v2.' }),
  is_viewed: z.boolean().meta({ description: 'The same as is_previewed.' }),
};

const secretFields = {
  identifier: key,
  key,
  shortid: z.string().meta({ description: 'The first eight characters of the key.' }),
  state: z.enum(['new', 'revealed']),
  lifespan: seconds,
  secret_ttl: seconds.meta({ description: 'What was granted at the creation; it stands still.' }),
  has_passphrase: z.boolean(),
  verification: z.literal(false),
  created: instant,
  updated: instant,
  ...previews,
  is_revealed: z.boolean(),
  is_received: z.boolean().meta({ description: 'The same as is_revealed.' }),
};

export const secretSchema = z.strictObject(secretFields).meta({ id: 'V2Secret' });

const receiptFields = {
  identifier: key,
  key,
  custid: z
    .string()
    .nullable()
    .meta({ description: "The owner's e-mail address; null: made without an account." }),
  owner_id: z.string().nullable().meta({ example: 'ur0123456789abcdefghijklmno' }),
  state,
  secret_shortid: z.string(),
  secret_identifier: key.optional().meta({
    description: 'While it can be opened without a passphrase, and at the creation.',
  }),
  secret_ttl: seconds.meta({ description: 'What was granted at the creation; it stands still.' }),
  metadata_ttl: seconds,
  receipt_ttl: seconds,
  lifespan: seconds,
  share_domain: host,
  created: instant,
  updated: instant,
  shared: instantOrNull,
  recipients: z.string().meta({ description: 'Masked.', example: 'so***@e***.com' }),
  recipient_name: z.string().nullable(),
  memo: z.string().nullable(),
  shortid: z.string(),
  show_recipients: z.boolean(),
  previewed: instantOrNull,
  revealed: instantOrNull,
  viewed: instantOrNull.meta({ description: 'The same as previewed.' }),
  received: instantOrNull.meta({ description: 'The same as revealed.' }),
  burned: instantOrNull,
  ...previews,
  is_received: z.boolean(),
  is_revealed: z.boolean(),
  is_burned: z.boolean(),
  is_expired: z.boolean(),
  is_orphaned: z.boolean(),
  is_destroyed: z.boolean(),
  has_passphrase: z.boolean(),
  kind: z.enum(['conceal', 'generate']),
  source: z.literal('standard'),
};

export const receiptSchema = z.strictObject(receiptFields).meta({ id: 'V2Receipt' });

const pathFields = {
  natural_expiration: z.string().meta({ example: '7 days' }),
  expiration: instantOrNull,
  expiration_in_seconds: seconds,
  share_path: z.string().nullable(),
  share_url: z.string().nullable().meta({ description: 'The link; null once it is gone.' }),
  burn_path: z.string(),
  burn_url: z.string(),
  receipt_path: z.string(),
  receipt_url: z.string(),
  metadata_path: z.string(),
  metadata_url: z.string(),
};

const shownReceiptSchema = z
  .strictObject({
    ...receiptFields,
    ...pathFields,
    secret_state: z.literal('new').nullable(),
  })
  .meta({ id: 'V2ShownReceipt' });

const burnedReceiptSchema = z
  .strictObject({ ...receiptFields, ...pathFields })
  .meta({ id: 'V2BurnedReceipt' });

const receiptDetails = {
  type: z.literal('record'),
  display_lines: z.int(),
  no_cache: z.literal(true),
  view_count: z.int(),
  has_passphrase: z.boolean(),
  can_decrypt: z.boolean(),
  show_secret: z.boolean(),
  show_secret_link: z.boolean(),
  show_receipt_link: z.boolean(),
  show_receipt: z.boolean(),
  show_recipients: z.boolean(),
};

export const createdAnswer = z
  .strictObject({
    success: z.literal(true),
    record: z.strictObject({
      receipt: receiptSchema,
      metadata: receiptSchema,
      secret: secretSchema,
      share_domain: host,
    }),
    details: z.strictObject({
      kind: z.enum(['conceal', 'generate']),
      recipient: z.array(z.string()),
      recipient_safe: z.array(z.string()),
      email_sent: z.boolean().optional().meta({
        description: 'With a recipient only: whether the mail with the link was queued.',
      }),
    }),
  })
  .meta({ id: 'V2CreatedAnswer' });

export const secretAnswer = z
  .strictObject({
    record: z.strictObject({
      ...secretFields,
      secret_value: z.string().optional().meta({ description: 'Once, after a reveal.' }),
    }),
    details: z.strictObject({
      continue: z.boolean(),
      is_owner: z.boolean(),
      show_secret: z.boolean(),
      display_lines: z.int(),
      one_liner: z.boolean().nullable(),
    }),
  })
  .meta({ id: 'V2SecretAnswer' });

export const statusAnswer = z
  .union([
    z.strictObject({
      record: secretSchema,
      details: z.strictObject({ current_expiration: seconds }),
    }),
    z.strictObject({ record: z.strictObject({ state: z.literal('unknown') }) }),
  ])
  .meta({ id: 'V2SecretStatusAnswer' });

export const statusListAnswer = z
  .strictObject({ records: z.array(secretSchema), count: z.int() })
  .meta({ id: 'V2SecretStatusListAnswer' });

export const receiptAnswer = z
  .strictObject({
    record: shownReceiptSchema,
    details: z.strictObject({
      ...receiptDetails,
      secret_realttl: seconds.nullable(),
      first_access: instantOrNull,
      last_access: instantOrNull,
      secret_value: z
        .string()
        .nullable()
        .meta({ description: 'A generated value: once, within 60 seconds, without a passphrase.' }),
    }),
  })
  .meta({ id: 'V2ReceiptAnswer' });

export const memoAnswer = z.strictObject({ record: receiptSchema }).meta({ id: 'V2MemoAnswer' });

export const burnedAnswer = z
  .strictObject({
    success: z.literal(true),
    record: burnedReceiptSchema,
    details: z.strictObject({
      ...receiptDetails,
      title: z.literal('Secret burned'),
      display_feedback: z.literal(false),
      is_orphaned: z.literal(false),
    }),
  })
  .meta({ id: 'V2BurnedAnswer' });

export const recentAnswer = z
  .strictObject({
    success: z.literal(true),
    custid: z.string(),
    count: z.int(),
    records: z.array(receiptSchema),
    details: z.strictObject({
      type: z.literal('list'),
      scope: z.null(),
      scope_label: z.null(),
      since: wholeInstant,
      now: instant,
      has_items: z.boolean(),
      revealed_receipts: z.array(receiptSchema),
      pending_receipts: z.array(receiptSchema),
    }),
  })
  .meta({ id: 'V2RecentAnswer' });

export const serviceStatusAnswer = z
  .strictObject({ success: z.literal(true), status: z.literal('nominal'), locale: z.string() })
  .meta({ id: 'V2StatusAnswer' });

export const localesAnswer = z
  .strictObject({
    success: z.literal(true),
    locales: z.array(z.string()),
    default_locale: z.string(),
    locale: z.string(),
  })
  .meta({ id: 'V2LocalesAnswer' });

export const versionAnswer = z
  .strictObject({ success: z.literal(true), version: z.array(z.string()), locale: z.string() })
  .meta({ id: 'V2VersionAnswer', description: 'The version of this gateway, part by part.' });

export type V2Secret = z.infer<typeof secretSchema>;
export type V2Receipt = z.infer<typeof receiptSchema>;
export type V2Created = z.infer<typeof createdAnswer>;
export type V2SecretAnswer = z.infer<typeof secretAnswer>;
export type V2SecretStatus = z.infer<typeof statusAnswer>;
export type V2SecretStatusList = z.infer<typeof statusListAnswer>;
export type V2ReceiptAnswer = z.infer<typeof receiptAnswer>;
export type V2MemoAnswer = z.infer<typeof memoAnswer>;
export type V2Burned = z.infer<typeof burnedAnswer>;
export type V2Recent = z.infer<typeof recentAnswer>;
