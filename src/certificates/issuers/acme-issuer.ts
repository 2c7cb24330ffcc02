import type { CaIdentity } from '../../dns/caa-record.js';
import type { Clock } from '../../shared/clock.js';
import type { AcmeCa } from '../../acme/acme-ca.js';
import { CHALLENGE_TYPES } from '../../acme/authorize-order.js';
import { AcmeProblem } from '../../acme/acme-problem.js';
import { PERSIST_TYPE, type RenewalInfo } from '../../acme/acme-objects.js';
import { ariCertId } from '../../acme/ari-cert-id.js';
import { IssueSteps, newOrderProgress, type IssueTask } from '../../acme/issue-steps.js';
import type { AcmeAccounts } from './acme-accounts.js';
import type { Issuer, OrderSteps } from './issuer.js';

/** An ACME CA, used with the region's account there. */
export class AcmeIssuer implements Issuer {
  readonly source = 'acme';
  readonly begin = newOrderProgress;

  constructor(
    private readonly ca: AcmeCa,
    private readonly accounts: AcmeAccounts,
    private readonly clock: Clock,
    private readonly usesPersist = false,
  ) {}

  get name(): string {
    return this.ca.name;
  }

  get profile(): string | null {
    return this.ca.profile;
  }

  async identities(): Promise<CaIdentity[]> {
    const client = await this.accounts.open(this.ca);
    const { meta } = await client.directory();
    const accountUri = await client.ensureAccount();
    const methods = [...CHALLENGE_TYPES, ...(await this.#persistMethods())];
    return meta.caaIdentities.map((domain) => ({ domain, accountUri, methods: [...methods] }));
  }

  async open(task: IssueTask): Promise<OrderSteps> {
    const noted = {
      ...task,
      onOffered: (types: readonly string[]) => this.accounts.noteOffers(this.ca, types),
    };
    const client = await this.accounts.open(this.ca);
    return new IssueSteps(client, this.usesPersist ? noted : task, this.clock);
  }

  async replacesId(chainPem: string): Promise<string | null> {
    const { renewalInfo } = await (await this.accounts.open(this.ca)).directory();
    return renewalInfo === null ? null : ariCertId(chainPem);
  }

  async renewalInfo(chainPem: string): Promise<RenewalInfo | null> {
    const certId = ariCertId(chainPem);
    if (certId === null) return null;
    return (await this.accounts.open(this.ca)).renewalInfo(certId);
  }

  async revoke(chainPem: string): Promise<void> {
    await (await this.accounts.open(this.ca)).revoke(chainPem, 'cessation');
  }

  async deactivate(authorizations: readonly string[]): Promise<void> {
    await (await this.accounts.open(this.ca)).deactivateAuthorizations(authorizations);
  }

  async isReachable(): Promise<boolean> {
    try {
      return await (await this.accounts.open(this.ca)).isReachable();
    } catch (error) {
      if (error instanceof AcmeProblem) return false;
      throw error;
    }
  }

  forgetAccount(): Promise<void> {
    return this.accounts.forget(this.ca);
  }

  /** The directory does not say whether the CA offers it: its authorizations did. */
  async #persistMethods(): Promise<string[]> {
    if (!this.usesPersist) return [];
    return (await this.accounts.offers(this.ca)).filter((type) => type === PERSIST_TYPE);
  }
}
