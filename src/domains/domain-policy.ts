import { AppError } from '../shared/app-error.js';
import { PASSPHRASE_LENGTH, TTL_SECONDS } from '../shared/conceal-bounds.js';

/**
 * What the owner of a domain demands of every secret whose link names it, beside what plans allow. Who may create without
 * an account is in Domain.
 */
export interface DomainPolicy {
  /** For a secret without a time to live of its own; null: 7 days. */
  readonly ttlSecondsDefault: number | null;
  /** A longer time to live is reduced to it; null: the plan decides. */
  readonly ttlSecondsMax: number | null;
  readonly isPassphraseRequired: boolean;
  /** In characters; null: PASSPHRASE_LENGTH. */
  readonly passphraseLengthMin: number | null;
  /** Whether the links open on the region's own host too. */
  readonly opensOnRegionHost: boolean;
}

export const NO_POLICY: DomainPolicy = {
  ttlSecondsDefault: null,
  ttlSecondsMax: null,
  isPassphraseRequired: false,
  passphraseLengthMin: null,
  opensOnRegionHost: true,
};

/** The policy of a row, which has only what differs from NO_POLICY. */
export function wholePolicy(stored: Partial<DomainPolicy>): DomainPolicy {
  return { ...NO_POLICY, ...stored };
}

/** What a row keeps of the policy. */
export function policyToStore(policy: DomainPolicy): Partial<DomainPolicy> {
  const keys = Object.keys(NO_POLICY) as (keyof DomainPolicy)[];
  return Object.fromEntries(
    keys.filter((key) => policy[key] !== NO_POLICY[key]).map((key) => [key, policy[key]]),
  );
}

/** The policy in the words of the API, which its events have too. */
export function describePolicy(policy: DomainPolicy) {
  return {
    default_ttl: policy.ttlSecondsDefault,
    max_ttl: policy.ttlSecondsMax,
    passphrase_required: policy.isPassphraseRequired,
    passphrase_min_length: policy.passphraseLengthMin,
    opens_on_region_host: policy.opensOnRegionHost,
  };
}

/** A number of the policy, in the words of the API. */
export type PolicyNumber = 'default_ttl' | 'max_ttl' | 'passphrase_min_length';

/** Why no secret could keep the policy. */
export interface PolicyFault {
  readonly field: PolicyNumber;
  /** `contradicts`: the default is longer than the longest. */
  readonly kind: 'out_of_bounds' | 'contradicts';
  readonly message: string;
}

/** @throws AppError `invalid_request` for the first of policyFaults() */
export function checkPolicy(policy: DomainPolicy): void {
  const [fault] = policyFaults(policy);
  if (fault === undefined) return;
  throw new AppError('invalid_request', fault.message, { field: fault.field });
}

/** One for each number that is wrong; empty for a policy that can be kept. */
export function policyFaults(policy: DomainPolicy): readonly PolicyFault[] {
  const { ttlSecondsDefault, ttlSecondsMax, passphraseLengthMin } = policy;
  const outOfBounds = [
    boundsFault('default_ttl', ttlSecondsDefault, TTL_SECONDS),
    boundsFault('max_ttl', ttlSecondsMax, TTL_SECONDS),
    boundsFault('passphrase_min_length', passphraseLengthMin, PASSPHRASE_LENGTH),
  ].filter((fault) => fault !== null);
  const areTimesRight = outOfBounds.every(({ field }) => field === 'passphrase_min_length');
  if (!areTimesRight || ttlSecondsDefault === null || ttlSecondsMax === null) return outOfBounds;
  if (ttlSecondsDefault <= ttlSecondsMax) return outOfBounds;
  const message = `default_ttl (${ttlSecondsDefault}) is longer than max_ttl (${ttlSecondsMax})`;
  return [{ field: 'default_ttl', kind: 'contradicts', message }, ...outOfBounds];
}

interface Bounds {
  readonly min: number;
  readonly max: number;
}

function boundsFault(
  field: PolicyNumber,
  value: number | null,
  { min, max }: Bounds,
): PolicyFault | null {
  if (value === null || (Number.isInteger(value) && value >= min && value <= max)) return null;
  const message = `${field} is a whole number from ${min} to ${max}, or null`;
  return { field, kind: 'out_of_bounds', message };
}

/**
 * A condition in SQL: the domain with this name now keeps its links from the region's own host. A name whose claim has
 * ended has no policy.
 */
export function keepsLinksToItself(hostname: string): string {
  return `exists (
      select from domains as home
      where home.hostname = ${hostname} and home.ownership in ('verified', 'lapsed')
        and home.removed_at is null and home.policy @> '{"opensOnRegionHost": false}'
    )`;
}
