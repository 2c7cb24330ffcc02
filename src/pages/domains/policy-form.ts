import {
  policyFaults,
  type DomainPolicy,
  type PolicyFault,
  type PolicyNumber,
} from '../../domains/domain-policy.js';
import type { DomainSwitches } from '../../domains/claims/domain-lifecycle.js';
import type { Domain } from '../../domains/domain.js';
import type { SentForm } from '../frame/page-form.js';

const NUMBER = /^\d{1,9}$/;
const TYPED_LENGTH_MAX = 100;

/** The fields of the form as they were typed, chosen and ticked. */
export interface TypedPolicy {
  readonly numbers: Readonly<Record<PolicyNumber, string>>;
  readonly homepage: boolean;
  readonly api: boolean;
  readonly passphraseRequired: boolean;
  readonly opensOnRegionHost: boolean;
}

export interface PolicyForm {
  readonly typed: TypedPolicy;
  readonly switches: DomainSwitches;
  /** Empty: it can be stored. */
  readonly faults: readonly PolicyFault[];
}

export function typedPolicyOf({ policy, homepageEnabled, apiEnabled }: Domain): TypedPolicy {
  const text = (number: number | null): string => (number === null ? '' : String(number));
  return {
    numbers: {
      default_ttl: text(policy.ttlSecondsDefault),
      max_ttl: text(policy.ttlSecondsMax),
      passphrase_min_length: text(policy.passphraseLengthMin),
    },
    homepage: homepageEnabled,
    api: apiEnabled,
    passphraseRequired: policy.isPassphraseRequired,
    opensOnRegionHost: policy.opensOnRegionHost,
  };
}

export function readPolicyForm(sent: SentForm): PolicyForm {
  const text = (name: PolicyNumber): string =>
    (sent.get(name) ?? '').trim().slice(0, TYPED_LENGTH_MAX);
  // A box that is not ticked is not sent.
  const isTicked = (name: string): boolean => sent.get(name) !== null;
  const typed: TypedPolicy = {
    numbers: {
      default_ttl: text('default_ttl'),
      max_ttl: text('max_ttl'),
      passphrase_min_length: text('passphrase_min_length'),
    },
    homepage: isTicked('homepage'),
    api: isTicked('api'),
    passphraseRequired: isTicked('passphrase_required'),
    opensOnRegionHost: isTicked('opens_on_region_host'),
  };
  const policy = policyOf(typed);
  const switches = { homepageEnabled: typed.homepage, apiEnabled: typed.api, policy };
  return { typed, switches, faults: policyFaults(policy) };
}

function policyOf({ numbers, passphraseRequired, opensOnRegionHost }: TypedPolicy): DomainPolicy {
  return {
    ttlSecondsDefault: numberIn(numbers.default_ttl),
    ttlSecondsMax: numberIn(numbers.max_ttl),
    isPassphraseRequired: passphraseRequired,
    passphraseLengthMin: numberIn(numbers.passphrase_min_length),
    opensOnRegionHost,
  };
}

/** NaN, which no policy may have, for what is no whole number. */
function numberIn(text: string): number | null {
  if (text === '') return null;
  return NUMBER.test(text) ? Number(text) : Number.NaN;
}
