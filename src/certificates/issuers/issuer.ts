import type { CaIdentity } from '../../dns/caa-record.js';
import type { RenewalInfo } from '../../acme/acme-objects.js';
import type { Advance, IssueTask, OrderProgress } from '../../acme/issue-steps.js';

/** One issuance with one issuer, a step at a time; each step may be repeated after a crash. */
export interface OrderSteps {
  /** @throws AcmeProblem */
  advance(progress: OrderProgress): Promise<Advance>;
}

/** Who makes certificates for names: a CA, or the local authority in its place. Methods throw AcmeProblem. */
export interface Issuer {
  readonly name: string;
  readonly source: 'acme' | 'local';
  /** Asked for where the CA offers it. */
  readonly profile: string | null;
  /** As whom the CA and our account there appear in CAA records. None: no CAA record can be about it. */
  identities(): Promise<CaIdentity[]>;
  /** A key, and no order yet. */
  begin(): Promise<OrderProgress>;
  open(task: IssueTask): Promise<OrderSteps>;
  /** What `replaces` calls a certificate of this issuer's; null where it has no such thing. */
  replacesId(chainPem: string): Promise<string | null>;
  /** When it wants a certificate of its own renewed; null where it does not say. */
  renewalInfo(chainPem: string): Promise<RenewalInfo | null>;
  revoke(chainPem: string): Promise<void>;
  /** The account is not known there any more. */
  forgetAccount(): Promise<void>;
}

/** The issuers of a cell, in the order in which they are tried. Bound to a class so that Nest injects it. */
export abstract class Issuers {
  abstract readonly list: readonly Issuer[];

  find(name: string | null): Issuer | null {
    return this.list.find((issuer) => issuer.name === name) ?? null;
  }
}
