import { z } from 'zod';

const instant = z.iso.datetime();
const day = z.iso.date();
const network = z.string().meta({ description: 'A /24 or /48.', example: '203.0.113.0/24' });
const envelopeFields = { user_id: z.string().meta({ description: "The account's id." }) };

const sessionSchema = z
  .strictObject({
    id: z.uuid(),
    is_current: z.boolean().meta({ description: 'Whether this request was signed in by it.' }),
    method: z.enum(['password', 'passkey', 'link']).meta({
      description: '`link`: a link that was mailed to the address of the account.',
    }),
    second_factor: z.enum(['totp', 'recovery_code']).nullable(),
    agent: z.string().nullable().meta({ description: 'Browser and system, without versions.' }),
    network,
    signed_in_at: instant,
    last_used_on: day.meta({ description: 'The day, in UTC, of the last use.' }),
    last_used_from: network,
    expires_at: instant,
  })
  .meta({ id: 'Session', description: 'A browser that is signed in.' });

export const sessionsAnswerSchema = z.strictObject({
  ...envelopeFields,
  records: z.array(sessionSchema),
  count: z.int(),
});

export const sessionAnswerSchema = z.strictObject({ ...envelopeFields, record: sessionSchema });

export const endedSessionsAnswerSchema = z.strictObject({
  ...envelopeFields,
  record: z.strictObject({ ended: z.int() }),
});

export const passwordAnswerSchema = z.strictObject({
  ...envelopeFields,
  record: z
    .strictObject({
      is_set: z.boolean(),
      changed_at: instant.nullable().meta({ description: 'Null: there is none.' }),
    })
    .meta({ id: 'Password', description: 'Whether the account has a password.' }),
});

const passkeySchema = z
  .strictObject({
    id: z.uuid(),
    name: z.string(),
    created_at: instant,
    last_used_on: day.nullable(),
  })
  .meta({ id: 'Passkey', description: 'A passkey that signs in.' });

export const passkeysAnswerSchema = z.strictObject({
  ...envelopeFields,
  records: z.array(passkeySchema),
  count: z.int(),
});

export const passkeyAnswerSchema = z.strictObject({ ...envelopeFields, record: passkeySchema });

export const passkeyOptionsAnswerSchema = z.strictObject({
  ...envelopeFields,
  record: z.looseObject({ challenge: z.string() }).meta({
    description: 'For `PublicKeyCredential.parseCreationOptionsFromJSON()`.',
  }),
});

export const secondFactorAnswerSchema = z.strictObject({
  ...envelopeFields,
  record: z
    .strictObject({
      is_on: z.boolean(),
      since: instant.nullable(),
      recovery_codes_left: z.int(),
    })
    .meta({ id: 'SecondFactor', description: 'Whether a code is asked for beside the password.' }),
});

export const totpAnswerSchema = z.strictObject({
  ...envelopeFields,
  record: z.strictObject({
    secret: z.string().meta({ description: 'In base32. It is shown this once.' }),
    uri: z.string().meta({ description: 'For a QR code.' }),
  }),
});

export const recoveryCodesAnswerSchema = z.strictObject({
  ...envelopeFields,
  record: z.strictObject({
    recovery_codes: z.array(z.string()).meta({
      description: 'Each signs in once, in place of a code. They are shown this once.',
    }),
  }),
});

export type SessionsAnswer = z.output<typeof sessionsAnswerSchema>;
export type SessionAnswer = z.output<typeof sessionAnswerSchema>;
export type EndedSessionsAnswer = z.output<typeof endedSessionsAnswerSchema>;
export type PasswordAnswer = z.output<typeof passwordAnswerSchema>;
export type PasskeysAnswer = z.output<typeof passkeysAnswerSchema>;
export type PasskeyAnswer = z.output<typeof passkeyAnswerSchema>;
export type PasskeyOptionsAnswer = z.output<typeof passkeyOptionsAnswerSchema>;
export type SecondFactorAnswer = z.output<typeof secondFactorAnswerSchema>;
export type TotpAnswer = z.output<typeof totpAnswerSchema>;
export type RecoveryCodesAnswer = z.output<typeof recoveryCodesAnswerSchema>;
