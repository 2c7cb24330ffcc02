import { z } from 'zod';
import { LANGUAGES } from '../../shared/language.js';
import { ARGON2_COST } from '../../shared/argon2-queue.js';
import { parseEmailAddress, type EmailAddress } from '../../accounts/email-address.js';
import { ACCOUNT_PLANS } from '../../accounts/plans.js';
import { parseTokenName } from '../../accounts/tokens/token-rules.js';
import { TOKEN_SCOPES } from '../../accounts/tokens/token-scope.js';
import { BRAND_FIELDS } from '../../brand/brand-settings.js';

export const FORMAT = 'onetime-gateway-accounts';
export const FORMAT_VERSION = 1;

// The file is lines of JSON: what it is, one line for each account with its domains, and the number of accounts.

const bytes = (min: number, max: number) =>
  z
    .string()
    .regex(/^(?:[0-9a-f]{2})+$/)
    .transform((hex) => Buffer.from(hex, 'hex'))
    .refine((value) => value.length >= min && value.length <= max, 'expected other bytes');

export const fileHeaderSchema = z.object({
  format: z.literal(FORMAT),
  version: z.literal(FORMAT_VERSION),
  region: z.string(),
  exported_at: z.iso.datetime().transform((text) => new Date(text)),
});

export type FileHeader = z.output<typeof fileHeaderSchema>;

/** One that the database stores too. */
const instant = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  .refine((at) => at.getTime() >= 0, 'expected an instant after 1970');

const hostname = z.string().regex(/^[^\p{C}\s]{1,253}$/u, 'expected a host name');

const tokenSchema = z.object({
  name: z.string().refine((name) => parseTokenName(name) === name, 'expected the name of a token'),
  scopes: z.array(z.enum(TOKEN_SCOPES)).min(1),
  /** SHA-256: the token itself is stored nowhere. */
  sha256: bytes(32, 32),
  created_at: instant,
  expires_at: instant.nullable(),
});

/**
 * Argon2id, at most as dear as our own hashes: whoever signs in pays for it. A cost that is lowered keeps its bound here,
 * since older hashes have it.
 */
const passwordSchema = z
  .object({
    hash: bytes(16, 64),
    salt: bytes(16, 64),
    memory: z.int().max(ARGON2_COST.memory),
    passes: z.int().min(1).max(ARGON2_COST.passes),
    parallelism: z.int().min(1).max(ARGON2_COST.parallelism),
  })
  // RFC 9106. With less, every sign-in would fail.
  .refine(({ memory, parallelism }) => memory >= 8 * parallelism, {
    path: ['memory'],
    message: 'expected at least 8 KiB for each lane',
  });

const emailAddress = z.string().transform((text, context): EmailAddress => {
  const address = parseEmailAddress(text);
  if (address !== null) return address;
  context.addIssue('no e-mail address');
  return z.NEVER;
});

const domainSchema = z.object({
  hostname,
  homepage_enabled: z.boolean(),
  api_enabled: z.boolean(),
  policy: z.object({
    ttlSecondsDefault: z.int().nullable().optional(),
    ttlSecondsMax: z.int().nullable().optional(),
    isPassphraseRequired: z.boolean().optional(),
    passphraseLengthMin: z.int().nullable().optional(),
    opensOnRegionHost: z.boolean().optional(),
  }),
  brand: z.object(BRAND_FIELDS).partial(),
  /** Of the names that CNAME records lead to. */
  target_label: z
    .string()
    .regex(/^[0-9a-z]{1,63}$/)
    .optional(),
  /** The host name that this one redirects to. */
  main: z.string().nullable().optional(),
});

export const accountLineSchema = z.object({
  id: z.uuid(),
  email: emailAddress,
  plan: z.enum(ACCOUNT_PLANS),
  state: z.enum(['active', 'suspended']),
  language: z.enum(LANGUAGES).nullable(),
  created_at: instant,
  password: passwordSchema.nullable(),
  tokens: z.array(tokenSchema),
  domains: z.array(domainSchema),
});

export type AccountLine = z.output<typeof accountLineSchema>;
export type DomainLine = AccountLine['domains'][number];
