import { Injectable } from '@nestjs/common';
import { CellConfig } from '../../config/cell-config.js';
import { HTTPS_PORT, type DomainConnectConfig } from '../../config/domain-connect-config.js';
import { boundedCache } from '../../shared/bounded-cache.js';
import { Clock } from '../../shared/clock.js';
import type { Domain } from '../domain.js';
import type { DomainFacts } from '../domain-facts.js';
import { applyQuery, applyUrl, type TemplateGroup } from './apply-query.js';
import { signQuery } from './apply-signature.js';
import { KeyPublication } from './key-publication.js';
import { dayOf, newReturnTicket } from './return-ticket.js';
import { setupPicture, type SetupPicture } from './setup-picture.js';
import { templateRegionOf } from './setup-discoverer.js';
import { pairServiceIdOf, serviceIdOf } from './templates.js';

/** Where a browser goes to have the records made. For the claim's owner alone. */
export interface SetupLinks {
  readonly url: string;
  /** Only what is needed before the name is switched; null: the template has nothing of that kind. */
  readonly prepareUrl: string | null;
}

export const RETURN_PATH = '/domain-connect/return';
const LINKS_MAX = 2000;
const PREPARING: readonly TemplateGroup[] = ['certify', 'prove'];
/** Where something else stands at `_acme-challenge`, or nobody would be led to our name server. */
const WITHOUT_DELEGATION: readonly TemplateGroup[] = ['prove', 'route'];

/** What a link says beside the labels of its claim. */
interface Place {
  readonly syncUrl: string;
  readonly zone: string;
  readonly host: string | null;
  readonly isCertifying: boolean;
  readonly isPreparable: boolean;
  /** Of the claim to `www`; null: the link is for one name. */
  readonly wwwTarget: string | null;
}

/** What the DNS provider of a claim can do, and the signed links to it. */
@Injectable()
export class SetupOffers {
  /** A signature takes a millisecond of a processor. */
  readonly #signed = boundedCache<string, Promise<SetupLinks>>(LINKS_MAX);

  constructor(
    private readonly config: CellConfig,
    private readonly publication: KeyPublication,
    private readonly clock: Clock,
  ) {}

  /** Null: Domain Connect is off. @param facts of the claim, without `setup` */
  pictureOf(domain: Domain, facts: DomainFacts): SetupPicture | null {
    if (this.config.domainConnect === null) return null;
    return setupPicture(domain, facts, {
      serviceId: this.#serviceIdOf(domain),
      keyState: this.publication.state,
      now: this.clock.now(),
    });
  }

  /** For a picture that is up to date. Looks for the published key, unless somebody did lately. */
  refresh(): Promise<void> {
    return this.publication.refresh();
  }

  /** Null: none is offered. */
  async linksOf(domain: Domain, picture: SetupPicture | null): Promise<SetupLinks | null> {
    const { domainConnect } = this.config;
    const syncUrl = domain.setup?.syncUrl ?? null;
    if (domainConnect === null || picture?.isOffered !== true || syncUrl === null) return null;
    const { zone, host, isCertifying, isPreparable } = picture;
    if (zone === null) return null;
    const wwwTarget = picture.pair?.targetLabel ?? null;
    const place = { syncUrl, zone, host, isCertifying, isPreparable, wwwTarget };
    const { extid, targetLabel, challengeLabel } = domain;
    const day = dayOf(this.clock.now());
    const key = JSON.stringify([extid, targetLabel, challengeLabel, day, place]);
    const known = this.#signed.get(key);
    if (known !== undefined) return known;
    const links = this.#sign(domain, domainConnect, place);
    this.#signed.set(key, links);
    return links;
  }

  async #sign(
    domain: Domain,
    domainConnect: DomainConnectConfig,
    { syncUrl, zone, host, isCertifying, isPreparable, wwwTarget }: Place,
  ): Promise<SetupLinks> {
    const own = templateRegionOf(this.config);
    const { isDelegable } = own;
    const service = {
      syncUrl,
      providerId: domainConnect.providerId,
      serviceId: wwwTarget === null ? this.#serviceIdOf(domain) : pairServiceIdOf(own),
    };
    const variables = {
      ...this.#variablesOf(domain, isDelegable),
      ...(wwwTarget !== null && { wwwtarget: wwwTarget }),
    };
    const redirectUri = this.#returnUrlOf(domain);
    const link = async (groups: readonly TemplateGroup[] | null): Promise<string> => {
      const query = applyQuery({ zone, host, variables, groups, redirectUri });
      const signature = await signQuery(query, domainConnect.key);
      return applyUrl(service, query, { label: domainConnect.keyLabel, signature });
    };
    // All groups are asked for by naming none: what was prepared would be removed by a provider that keeps a state.
    const url = await link(isDelegable && !isCertifying ? WITHOUT_DELEGATION : null);
    return { url, prepareUrl: isPreparable ? await link(PREPARING) : null };
  }

  #variablesOf(domain: Domain, isDelegable: boolean): Readonly<Record<string, string>> {
    const proof = { challenge: domain.challengeLabel, proof: domain.challengeValue };
    const target = { target: domain.targetLabel };
    if (domain.isApex) return { ...proof, ...(isDelegable ? target : {}) };
    return { ...proof, ...target, region: this.config.region };
  }

  #returnUrlOf(domain: Domain): string {
    const { rootKeys, region, host, publicHttpsPort } = this.config;
    const ticket = newReturnTicket(rootKeys, region, domain, this.clock.now());
    const port = publicHttpsPort === HTTPS_PORT ? '' : `:${publicHttpsPort}`;
    return `https://${host}${port}${RETURN_PATH}/${ticket}`;
  }

  #serviceIdOf({ isApex }: Domain): string {
    return serviceIdOf(templateRegionOf(this.config), isApex);
  }
}
