import { z } from 'zod';
import { NO_POLICY, type DomainPolicy } from '../../domains/domain-policy.js';
import type { DomainSwitches } from '../../domains/claims/domain-lifecycle.js';
import { PASSPHRASE_LENGTH, TTL_SECONDS } from '../../shared/conceal-bounds.js';

export const policyFields = {
  default_ttl: numberOrNull('default_ttl', TTL_SECONDS).meta({
    description: 'In seconds, of a secret that asks for none; null: 7 days.',
    example: 86_400,
  }),
  max_ttl: numberOrNull('max_ttl', TTL_SECONDS).meta({
    description: 'In seconds. A longer time to live is reduced to it; null: the plan decides.',
    example: 604_800,
  }),
  passphrase_required: switchNamed('passphrase_required').meta({
    description: 'A secret without a passphrase is refused.',
    example: true,
  }),
  passphrase_min_length: numberOrNull('passphrase_min_length', PASSPHRASE_LENGTH).meta({
    description: `In characters; null: ${PASSPHRASE_LENGTH.min}.`,
    example: 12,
  }),
  opens_on_region_host: switchNamed('opens_on_region_host').meta({
    description: "Whether links of the domain open on the region's own host too.",
    example: true,
  }),
  homepage_enabled: switchNamed('homepage_enabled').meta({
    description: 'Callers without an account may create secrets on the pages of the domain.',
    example: false,
  }),
  api_enabled: switchNamed('api_enabled').meta({
    description: 'Callers without an account may create secrets by the API of the domain.',
    example: false,
  }),
};

const record = z.object({ domain_id: z.string(), ...policyFields });

/** A field that is absent stays as it is; `null` sets it to what it was at first. */
export const policySchema = z
  .object({
    ...policyFields,
    passphrase_required: policyFields.passphrase_required.nullable(),
    opens_on_region_host: policyFields.opens_on_region_host.nullable(),
    homepage_enabled: policyFields.homepage_enabled.nullable(),
    api_enabled: policyFields.api_enabled.nullable(),
  })
  .partial();

export const policyAnswerSchema = z.object({ user_id: z.string(), record });

export type PolicyRequest = z.infer<typeof policySchema>;
export type PolicyAnswer = z.infer<typeof policyAnswerSchema>;

export function switchesOf(request: PolicyRequest): DomainSwitches {
  const policy: { -readonly [Key in keyof DomainPolicy]?: DomainPolicy[Key] } = {};
  const { default_ttl, max_ttl, passphrase_min_length } = request;
  const { passphrase_required, opens_on_region_host, homepage_enabled, api_enabled } = request;
  if (default_ttl !== undefined) policy.ttlSecondsDefault = default_ttl;
  if (max_ttl !== undefined) policy.ttlSecondsMax = max_ttl;
  if (passphrase_min_length !== undefined) policy.passphraseLengthMin = passphrase_min_length;
  if (passphrase_required !== undefined)
    policy.isPassphraseRequired = passphrase_required ?? NO_POLICY.isPassphraseRequired;
  if (opens_on_region_host !== undefined)
    policy.opensOnRegionHost = opens_on_region_host ?? NO_POLICY.opensOnRegionHost;
  return {
    policy,
    ...(homepage_enabled !== undefined && { homepageEnabled: homepage_enabled ?? false }),
    ...(api_enabled !== undefined && { apiEnabled: api_enabled ?? false }),
  };
}

function numberOrNull(name: string, { min, max }: { readonly min: number; readonly max: number }) {
  const error = `${name} is a whole number from ${min} to ${max}, or null`;
  return z.int({ error }).min(min, error).max(max, error).nullable();
}

function switchNamed(name: string) {
  return z.boolean({ error: `${name} is true or false` });
}
