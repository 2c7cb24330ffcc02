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

/** @throws AppError `invalid_request` for the first value that no secret could keep; fields are named as the API has them */
export function checkPolicy(policy: DomainPolicy): void {
  const { ttlSecondsDefault, ttlSecondsMax, passphraseLengthMin } = policy;
  checkNumber('default_ttl', ttlSecondsDefault, TTL_SECONDS);
  checkNumber('max_ttl', ttlSecondsMax, TTL_SECONDS);
  checkNumber('passphrase_min_length', passphraseLengthMin, PASSPHRASE_LENGTH);
  if (ttlSecondsDefault === null || ttlSecondsMax === null) return;
  if (ttlSecondsDefault > ttlSecondsMax) {
    throw refused(
      'default_ttl',
      `default_ttl (${ttlSecondsDefault}) is longer than max_ttl (${ttlSecondsMax})`,
    );
  }
}

interface Bounds {
  readonly min: number;
  readonly max: number;
}

function checkNumber(field: string, value: number | null, { min, max }: Bounds): void {
  if (value === null || (Number.isInteger(value) && value >= min && value <= max)) return;
  throw refused(field, `${field} is a whole number from ${min} to ${max}, or null`);
}

function refused(field: string, message: string): AppError {
  return new AppError('invalid_request', message, { field });
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
