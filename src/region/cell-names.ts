import { createSecureContext, type SecureContext } from 'node:tls';
import { Injectable } from '@nestjs/common';
import { tlsAlpnCertificate } from '../acme/tls-alpn-certificate.js';
import { CertificatesService } from '../certificates/certificates.service.js';
import type { HostServer } from '../certificates/contexts/host-server.js';
import { StoredContexts } from '../certificates/contexts/stored-contexts.js';
import { CellConfig } from '../config/cell-config.js';
import { acmeZone } from '../dns/delegation-offer.js';
import { proofOf } from '../dns/nameserver-proof.js';
import { DomainDirectory } from '../domains/serving/domain-directory.js';
import { answerProbe } from '../domains/probe/probe-protocol.js';
import type { ServedDomain } from '../domains/serving/served-domain.js';
import { Clock } from '../shared/clock.js';
import type { Hostname } from '../shared/hostname.js';
import { customTenant } from '../tenancy/custom-tenant.js';
import { httpsOrigin, regionTenants } from '../tenancy/region-tenants.js';
import type { Tenant } from '../tenancy/tenant.js';

/** Answers the gateway's questions about names, before a connection or a request is assigned to a cell. */
@Injectable()
export class CellNames {
  /** By the directory's value, which stays the same object until something about the name changes. */
  readonly #tenants = new WeakMap<ServedDomain, Tenant>();

  constructor(
    private readonly config: CellConfig,
    private readonly directory: DomainDirectory,
    private readonly contexts: StoredContexts,
    private readonly certificates: CertificatesService,
    private readonly clock: Clock,
  ) {
    // A handshake for a name that is not in memory costs one query.
    directory.onCertificate((hostname, certificate) => contexts.offer(hostname, certificate));
  }

  /** The custom domain, or null when the name does not serve here. Not a promise when the name is in memory. */
  findDomain(hostname: Hostname): ServedDomain | null | Promise<ServedDomain | null> {
    return this.directory.find(hostname);
  }

  /** Whether findDomain() answers without a query. Queries that clients can cause are limited by the gateway. */
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

  /** The TLS of a name, whether the name serves or not; null when it has no certificate. */
  hostServer(hostname: Hostname): HostServer | null | Promise<HostServer | null> {
    return this.contexts.find(hostname);
  }

  /** The key authorization for a CA that requests `token` (RFC 8555 §8.3); null for a token of another region. */
  keyAuthorization(token: string): Promise<string | null> {
    return this.certificates.findKeyAuthorization(token);
  }

  /** The TXT values at `<label>.acme.REGION.BASE` for a CA that validates by dns-01; `label` in lower case. */
  challengeValues(label: string): Promise<string[]> {
    return this.certificates.findDnsValues(label);
  }

  /** Proves that a gateway of this region answers for its name server zone. */
  nameserverProof(nonce: string): string {
    const { baseDomain, region, rootKeys } = this.config;
    return proofOf(rootKeys, acmeZone(region, baseDomain), nonce);
  }

  /** Of the region's host that the name moves to, which has the challenges that this one does not know; null: it moves nowhere. */
  async moveOrigin(hostname: Hostname): Promise<string | null> {
    const region = await this.directory.moveTarget(hostname);
    const { baseDomain, publicHttpsPort } = this.config;
    return region === null ? null : httpsOrigin(`${region}.${baseDomain}`, publicHttpsPort);
  }

  /** The answer to a routing probe: proves that a gateway of this region answers on `hostname`. */
  probeAnswer(hostname: Hostname, nonce: string): string {
    return answerProbe(this.config.rootKeys, this.config.region, hostname, nonce);
  }

  /** The context for a CA that validates by tls-alpn-01 (RFC 8737); null when the name has no pending challenge. */
  async tlsAlpnContext(hostname: Hostname): Promise<SecureContext | null> {
    const keyAuthorization = await this.certificates.findAlpnKeyAuthorization(hostname);
    if (keyAuthorization === null) return null;
    const proof = await tlsAlpnCertificate(hostname, keyAuthorization, this.clock.now());
    return createSecureContext({ key: proof.privateKeyPem, cert: proof.certificatePem });
  }
}
