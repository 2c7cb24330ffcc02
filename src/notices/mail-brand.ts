import { Injectable } from '@nestjs/common';
import type { Brand } from '../brand/brand.js';
import { brandOf } from '../brand/brand-of.js';
import { HostBrand } from '../brand/host-brand.js';
import { CellConfig } from '../config/cell-config.js';
import type { StatementRunner } from '../database/statements.js';
import { NO_LOOK } from '../domains/domain-look.js';
import { DomainDirectory } from '../domains/serving/domain-directory.js';
import { findServed, type ServedDomain } from '../domains/serving/served-domain.js';
import type { Hostname } from '../shared/hostname.js';
import { httpsOrigin } from '../tenancy/region-tenants.js';

/** How a tenant shows itself in mails about it. */
export interface MailBrand {
  readonly name: string;
  readonly host: Hostname;
  /** Of links, without a slash at the end. */
  readonly origin: string;
  readonly colours: { readonly accent: string; readonly onAccent: string };
  /** The owner's own words below a mail; null: none. */
  readonly footerText: string | null;
}

/** The brand of a custom domain, or of the region's own host. */
@Injectable()
export class MailBrands {
  constructor(
    private readonly config: CellConfig,
    private readonly directory: DomainDirectory,
    private readonly host: HostBrand,
  ) {}

  /** Of the region's own host. */
  get own(): MailBrand {
    return this.#mailBrand(this.config.host, this.host.brand);
  }

  /** A domain that does not serve has its name alone. */
  of(domain: Hostname | null): Promise<MailBrand> {
    return this.#of(domain, (name) => this.directory.find(name));
  }

  /** As of(), in a transaction. */
  within(statements: StatementRunner, domain: Hostname | null): Promise<MailBrand> {
    return this.#of(domain, (name) => findServed(statements, name));
  }

  async #of(
    domain: Hostname | null,
    find: (name: Hostname) => ServedDomain | null | Promise<ServedDomain | null>,
  ): Promise<MailBrand> {
    if (domain === null) return this.own;
    const served = await find(domain);
    return this.#mailBrand(domain, brandOf(served ?? { hostname: domain, look: NO_LOOK }));
  }

  #mailBrand(host: Hostname, { productName, light, footerText }: Brand): MailBrand {
    return {
      name: productName,
      host,
      origin: httpsOrigin(host, this.config.publicHttpsPort),
      colours: { accent: light.action, onAccent: light.actionInk },
      footerText,
    };
  }
}
