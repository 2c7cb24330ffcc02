import { z } from 'zod';
import { OWNERSHIP_STATES } from '../../domains/ownership.js';

const EXTID = /^cd[0-9a-z]{1,62}$/;
const LIMIT_MAX = 100;
const LIMIT_DEFAULT = 25;
// More than ten certificates and a key of 16,384 bits; what is no PEM is told from what is, elsewhere.
const PEM_LENGTH_MAX = 64 * 1024;

const limit = z
  .string()
  .default(String(LIMIT_DEFAULT))
  .refine((text) => /^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= LIMIT_MAX, {
    error: `limit is a number from 1 to ${LIMIT_MAX}`,
  })
  .transform(Number);

const cursor = z
  .string({ error: 'The cursor is not one of ours: take next_cursor of the page before' })
  .max(500)
  .nullable()
  .default(null);

const flag = (name: string) =>
  z
    .union([z.boolean(), z.stringbool({ truthy: ['true', '1'], falsy: ['false', '0', ''] })], {
      error: `${name} is true or false`,
    })
    .default(false);

const pem = (what: string) =>
  z
    .string({ error: `Send the ${what} in PEM` })
    .min(1, `Send the ${what} in PEM`)
    .max(PEM_LENGTH_MAX);

/** The id in a path. */
export const extidSchema = z.string().regex(EXTID);
export const claimSchema = z.object({
  domain: z.string({ error: 'Please enter a domain' }).max(1024, 'Not a valid public domain'),
});
export const dryRunSchema = z.object({ dry_run: flag('dry_run') });
export const revokeSchema = z.object({ revoke: flag('revoke') });
export const eventsSchema = z.object({ limit, cursor });
export const listSchema = z.object({
  limit,
  cursor,
  state: z
    .enum(OWNERSHIP_STATES, { error: `state is one of ${OWNERSHIP_STATES.join(', ')}` })
    .nullable()
    .default(null),
});
export const toggleSchema = z.object({
  enabled: z.boolean({ error: 'enabled is true or false' }),
});
export const certificateSchema = z.object({
  private_key: pem('private key'),
  chain: pem('certificate chain, the certificate of the name first,'),
});

export type ClaimRequest = z.infer<typeof claimSchema>;
export type DryRunRequest = z.infer<typeof dryRunSchema>;
export type RevokeRequest = z.infer<typeof revokeSchema>;
export type EventsRequest = z.infer<typeof eventsSchema>;
export type ListRequest = z.infer<typeof listSchema>;
export type ToggleRequest = z.infer<typeof toggleSchema>;
export type CertificateRequest = z.infer<typeof certificateSchema>;
