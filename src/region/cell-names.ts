import { createSecureContext, type SecureContext } from 'node:tls';
import { Injectable } from '@nestjs/common';
import { tlsAlpnCertificate } from '../acme/tls-alpn-certificate.js';
import { CertificatesService } from '../certificates/certificates.service.js';
import { StoredContexts } from '../certificates/contexts/stored-contexts.js';
import { CellConfig } from '../config/cell-config.js';
import { DomainDirectory } from '../domains/serving/domain-directory.js';
import { answerProbe } from '../domains/probe/probe-protocol.js';
import type { ServedDomain } from '../domains/serving/served-domain.js';
import { Clock } from '../shared/clock.js';
import type { Hostname } from '../shared/hostname.js';
import { customTenant } from '../tenancy/custom-tenant.js';
import { regionTenants } from '../tenancy/region-tenants.js';
import type { Tenant } from '../tenancy/tenant.js';

/** What the gateway asks a cell about names, before it is known whose a connection is. */
@Injectable()
export class CellNames {
  /** By the directory's own answers, of which a name has one for as long as nothing about it changes. */
  readonly #tenants = new WeakMap<ServedDomain, Tenant>();

  constructor(
    private readonly config: CellConfig,
    private readonly directory: DomainDirectory,
    private readonly contexts: StoredContexts,
    private readonly certificates: CertificatesService,
    private readonly clock: Clock,
  ) {}

  /** The custom domain, or null when the name does not serve here. At once when it is known. */
  findDomain(hostname: Hostname): ServedDomain | null | Promise<ServedDomain | null> {
    return this.directory.find(hostname);
  }

  /** Whether findDomain() costs no query that a stranger could cause at will. */
  isKnown(hostname: Hostname): boolean {
    return this.directory.isKnown(hostname);
  }

  tenantOf(domain: ServedDomain): Tenant {
    const known = this.#tenants.get(domain);
    if (known !== undefined) return known;
    const { canonical } = regionTenants(this.config);
    const tenant = customTenant(canonical, domain, this.config.publicHttpsPort);
    this.#tenants.set(domain, tenant);
    return tenant;
  }

  /** Whether the name or not serves is another question. Null: there is no certificate for it. */
  secureContext(hostname: Hostname): SecureContext | null | Promise<SecureContext | null> {
    return this.contexts.find(hostname);
  }

  /** What a CA that looks for `token` is to be shown; null: it is not one of this region's. */
  keyAuthorization(token: string): Promise<string | null> {
    return this.certificates.findKeyAuthorization(token);
  }

  /** Tells whoever asks, on the name or anywhere, that this region's gateways answer there. */
  probeAnswer(hostname: Hostname, nonce: string): string {
    return answerProbe(this.config.rootKeys, this.config.region, hostname, nonce);
  }

  /** For a CA that connects to look for its challenge; null: none is under way for the name. */
  async tlsAlpnContext(hostname: Hostname): Promise<SecureContext | null> {
    const keyAuthorization = await this.certificates.findAlpnKeyAuthorization(hostname);
    if (keyAuthorization === null) return null;
    const proof = await tlsAlpnCertificate(hostname, keyAuthorization, this.clock.now());
    return createSecureContext({ key: proof.privateKeyPem, cert: proof.certificatePem });
  }
}
