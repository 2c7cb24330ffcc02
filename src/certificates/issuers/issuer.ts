import type { CaIdentity } from '../../dns/caa-record.js';
import type { RenewalInfo } from '../../acme/acme-objects.js';
import type { Advance, IssueTask, OrderProgress } from '../../acme/issue-steps.js';

/** One order with one issuer, step by step. Each step may be repeated after a crash. */
export interface OrderSteps {
  /** @throws AcmeProblem */
  advance(progress: OrderProgress): Promise<Advance>;
}

/** A CA or the local authority. Methods throw AcmeProblem. */
export interface Issuer {
  readonly name: string;
  readonly source: 'acme' | 'local';
  /** Requested if the CA offers it. */
  readonly profile: string | null;
  /** How CAA records can name the CA and our account there. Empty: they cannot name it. */
  identities(): Promise<CaIdentity[]>;
  /** A new key, without an order. */
  begin(): Promise<OrderProgress>;
  open(task: IssueTask): Promise<OrderSteps>;
  /** The `replaces` value for a certificate of this issuer (RFC 9773 section 5); null without ARI. */
  replacesId(chainPem: string): Promise<string | null>;
  /** The suggested renewal window for a certificate of this issuer; null without ARI. */
  renewalInfo(chainPem: string): Promise<RenewalInfo | null>;
  revoke(chainPem: string): Promise<void>;
  /** Ends what the issuer holds valid. @param authorizations the URLs of an order's authorizations */
  deactivate(authorizations: readonly string[]): Promise<void>;
  /** Whether the CA answers a request that is about no name. */
  isReachable(): Promise<boolean>;
  /** For a CA that no longer knows our account. */
  forgetAccount(): Promise<void>;
}

/** The issuers of a cell, in order of preference. A class, so that Nest can inject it. */
export abstract class Issuers {
  abstract readonly list: readonly Issuer[];

  find(name: string | null): Issuer | null {
    return this.list.find((issuer) => issuer.name === name) ?? null;
  }
}
