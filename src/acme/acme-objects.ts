import { z } from 'zod';
import { localProblem } from './acme-problem.js';
import type { AcmeAnswer } from './acme-transport.js';

/** The validation method by a record that stands for good. */
export const PERSIST_TYPE = 'dns-persist-01';

type Body = Pick<AcmeAnswer, 'data'>;

const orderSchema = z.object({
  status: z.enum(['pending', 'ready', 'processing', 'valid', 'invalid']),
  authorizations: z.array(z.url()),
  finalize: z.url(),
  /** The chain's URL, once the order is valid. */
  certificate: z.url().nullable().catch(null),
  /** A problem document, if the order is invalid. */
  error: z.unknown().optional(),
});

const challengeSchema = z.object({
  type: z.string(),
  url: z.url(),
  status: z.enum(['pending', 'processing', 'valid', 'invalid']),
  token: z.string().regex(/^[\w-]+$/),
  error: z.unknown().optional(),
});

const ISSUERS_MAX = 10;

/** As in drafts -00 to -02 of draft-ietf-acme-dns-persist: the challenge has no token. */
const persistSchema = z
  .object({
    type: z.literal(PERSIST_TYPE),
    url: z.url(),
    status: z.enum(['pending', 'processing', 'valid', 'invalid']),
    'issuer-domain-names': z.unknown().optional(),
    issuerDomainNames: z.unknown().optional(),
    /** Of the account that the record must name. */
    accounturi: z.string().min(1),
    error: z.unknown().optional(),
  })
  .transform(({ 'issuer-domain-names': named, issuerDomainNames, ...rest }) => ({
    ...rest,
    issuers: z
      .array(z.string())
      .min(1)
      .max(ISSUERS_MAX)
      .safeParse(named ?? issuerDomainNames).data,
  }))
  .transform(({ issuers, ...rest }, context) => {
    if (issuers !== undefined) return { ...rest, issuers };
    context.addIssue('no issuers');
    return z.NEVER;
  });

const typeSchema = z.object({ type: z.string() });

const authorizationSchema = z
  .object({
    status: z.enum(['pending', 'valid', 'invalid', 'deactivated', 'expired', 'revoked']),
    challenges: z.array(z.unknown()),
  })
  .transform(({ status, challenges }) => ({
    status,
    // Those of an unknown shape are left out: a new type must not disturb the others.
    challenges: challenges.flatMap((each) => challengeSchema.safeParse(each).data ?? []),
    persist: challenges.flatMap((each) => persistSchema.safeParse(each).data ?? []),
    /** The types of all, known to us or not. */
    offered: challenges.flatMap((each) => typeSchema.safeParse(each).data?.type ?? []),
  }));

const renewalInfoSchema = z.object({
  suggestedWindow: z.object({ start: z.coerce.date(), end: z.coerce.date() }),
  explanationURL: z.string().nullable().catch(null),
});

/** RFC 8555 section 7.1.3. Only `url` is kept: the CA gives the rest again. */
export type AcmeOrder = z.output<typeof orderSchema> & { readonly url: string };
/** RFC 8555 section 7.1.4. */
export type AcmeAuthorization = z.output<typeof authorizationSchema> & { readonly url: string };
export type AcmeChallenge = z.output<typeof challengeSchema>;
/** Validated by a TXT record that stands for good, at `_validation-persist.` + the name. */
export type PersistChallenge = z.output<typeof persistSchema>;

/** When the CA suggests to renew a certificate (RFC 9773 section 4.2). A window in the past means now. */
export interface RenewalInfo {
  readonly start: Date;
  readonly end: Date;
  readonly explanationUrl: string | null;
  /** From Retry-After; null: the CA gave none. */
  readonly retryAfterSeconds: number | null;
}

/** @throws AcmeProblem `unreadable_answer`, as do the others */
export function readOrder({ data }: Body, url: string): AcmeOrder {
  return { ...read(orderSchema, data, 'order'), url };
}

export function readAuthorization({ data }: Body, url: string): AcmeAuthorization {
  return { ...read(authorizationSchema, data, 'authorization'), url };
}

export function readRenewalInfo({ data }: Body, waitSeconds: number | null): RenewalInfo {
  const { suggestedWindow, explanationURL } = read(renewalInfoSchema, data, 'renewal info');
  const { start, end } = suggestedWindow;
  // RFC 9773 section 4.2: a window that ends before it starts is invalid.
  if (end <= start) throw localProblem('unreadable_answer', 'a renewal window without length');
  return { start, end, explanationUrl: explanationURL, retryAfterSeconds: waitSeconds };
}

function read<Schema extends z.ZodType>(schema: Schema, data: unknown, what: string) {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map(({ path }) => path.join('.')).join(', ');
  throw localProblem('unreadable_answer', `the CA's ${what} is not readable: ${fields}`);
}
