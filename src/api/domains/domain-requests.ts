import { z } from 'zod';
import type { Region } from '../../config/region.js';
import type { MoveId } from '../../domains/domain-move.js';
import { ADVICE } from '../../domains/diagnosis/diagnose.js';
import { OWNERSHIP_STATES } from '../../domains/ownership.js';
import type { SetupLinkId } from '../../domains/setup-link.js';
import { pageCursor as cursor, pageLimit as limit } from '../body/page-request.js';

const SETUP_LINK_ID_EXAMPLE = '6f0c7a52-8a3e-4d0e-9f57-2f3a4c1b9d10';
const EXTID = /^cd[0-9a-z]{1,62}$/;
// Enough for ten certificates and a key of 16,384 bits.
const PEM_LENGTH_MAX = 64 * 1024;

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
export const extidSchema = z
  .string()
  .regex(EXTID)
  .meta({ description: 'The id of a domain.', example: 'cd0123456789abcdefgh' });

/** The id of a link in a path. */
export const setupLinkIdSchema = z
  .uuid()
  .meta({ description: 'The id of a link, not its token.', example: SETUP_LINK_ID_EXAMPLE })
  .transform((id) => id as SetupLinkId);

export const claimSchema = z.object({
  domain: z.string({ error: 'Please enter a domain' }).max(1024, 'Not a valid public domain').meta({
    description: 'The host name to claim, in ASCII or Unicode.',
    example: 'secrets.example.com',
  }),
  pair: flag('pair').meta({
    description:
      'Also claims the other name of an apex and its `www`, with a certificate of its own. It redirects to this one.',
    example: true,
  }),
});

export const dryRunSchema = z.object({
  dry_run: flag('dry_run').meta({
    description: 'Answers with the records and issues of the name and stores nothing.',
    example: true,
  }),
});

export const adviceSchema = z.object({
  advice: z
    .enum(ADVICE, { error: `advice is one of ${ADVICE.join(', ')}` })
    .optional()
    .transform((advice) => advice ?? null)
    .meta({
      description:
        '`hardening` also answers with the CAA record that binds the name to our account, where one can (`CAA_BINDABLE`).',
      example: 'hardening',
    }),
});

export const revokeSchema = z.object({
  revoke: flag('revoke').meta({
    description: 'Also asks the CA to revoke the certificate.',
    example: true,
  }),
});

/** More than any code has, with what people type between its parts. */
const CODE_LENGTH_MAX = 100;

export const acceptTransferSchema = z.object({
  code: z
    .string({ error: 'Send the code that you were given' })
    .min(1, 'Send the code that you were given')
    .max(CODE_LENGTH_MAX, 'This is longer than any code')
    .meta({
      description: 'The code that the owner of the domain was shown.',
      example: 'eu-0123-4567-89ab-cdef',
    }),
});

const REGION_NAME_MAX = 16;

export const offerSchema = z
  .object({
    region: z
      .string({ error: 'region is the name of a region' })
      .max(REGION_NAME_MAX, 'There is no such region')
      .nullish()
      .transform((region) => (region ?? null) as Region | null)
      .meta({ description: 'Where the other account is; absent: in this region.' }),
  })
  .nullish()
  .meta({ description: 'Nothing: the domain is for an account of this region.' });

export const moveRequestSchema = acceptTransferSchema.extend({
  region: z
    .string({ error: 'Send the region that asks' })
    .max(REGION_NAME_MAX, 'There is no such region')
    .transform((region) => region as Region)
    .meta({ description: 'The region that asks.', example: 'us' }),
  id: z
    .uuid({ error: 'id is a UUID' })
    .optional()
    .transform((id) => id as MoveId | undefined)
    .meta({ description: 'The move that takes the name; absent: only look.' }),
});

export const moveIdSchema = z
  .uuid()
  .meta({ description: 'The id of a move.', example: SETUP_LINK_ID_EXAMPLE })
  .transform((id) => id as MoveId);

export const eventsSchema = z.object({ limit, cursor });

export const listSchema = z.object({
  limit,
  cursor,
  state: z
    .enum(OWNERSHIP_STATES, { error: `state is one of ${OWNERSHIP_STATES.join(', ')}` })
    .optional()
    .transform((state) => state ?? null)
    .meta({ description: 'Only domains in this state of ownership.', example: 'verified' }),
});

export const toggleSchema = z.object({
  enabled: z
    .boolean({ error: 'enabled is true or false' })
    .meta({ description: 'Whether callers without an account may do it.', example: true }),
});

export const certificateUploadSchema = z.object({
  private_key: pem('private key').meta({ description: 'The private key in PEM.' }),
  chain: pem('certificate chain, the certificate of the name first,').meta({
    description: 'The certificate of the name and the intermediate certificates, in PEM.',
  }),
});

export type ClaimRequest = z.infer<typeof claimSchema>;
export type DryRunRequest = z.infer<typeof dryRunSchema>;
export type AdviceRequest = z.infer<typeof adviceSchema>;
export type RevokeRequest = z.infer<typeof revokeSchema>;
export type EventsRequest = z.infer<typeof eventsSchema>;
export type ListRequest = z.infer<typeof listSchema>;
export type ToggleRequest = z.infer<typeof toggleSchema>;
export type AcceptTransferRequest = z.infer<typeof acceptTransferSchema>;
export type OfferRequest = z.infer<typeof offerSchema>;
export type MoveRequest = z.infer<typeof moveRequestSchema>;
export type CertificateUploadRequest = z.infer<typeof certificateUploadSchema>;
