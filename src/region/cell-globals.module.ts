import { Global, Module, type DynamicModule, type FactoryProvider } from '@nestjs/common';
import { Registry } from 'prom-client';
import { parse } from 'tldts';
import { PasskeyHost } from '../accounts/passkeys/passkey-host.js';
import type { CertificateIssuer } from '../certificates/certificate-issuer.js';
import { CertificateSettings, ISSUANCE_TIMING } from '../certificates/certificate-settings.js';
import { HostServers } from '../certificates/contexts/host-server.js';
import { CaaGate, RoutingGate } from '../certificates/gates.js';
import { TicketKeys } from '../certificates/tickets/ticket-keys.js';
import { CellConfig } from '../config/cell-config.js';
import { DatabaseClock } from '../database/database-clock.js';
import { acmeZone, DelegationOffer, NoDelegation } from '../dns/delegation-offer.js';
import { DnsResolver } from '../dns/dns-resolver.js';
import { NameserverReach } from '../dns/nameserver-reach.js';
import { DomainObserver } from '../domains/checks/domain-observer.js';
import { DomainSettings } from '../domains/domain-settings.js';
import { HttpProbe } from '../domains/probe/http-probe.js';
import { Clock } from '../shared/clock.js';
import { UnopenedCiphertexts } from '../shared/unopened-ciphertexts.js';
import { httpsOrigin } from '../tenancy/region-tenants.js';
import { BodyBudget } from './body-budget.js';
import { KnownCaIdentities } from './ca-identities.js';
import { MovePeers } from '../domains/moves/move-peers.js';
import { HttpsMovePeers } from './https-move-peers.js';
import { DnsCaaGate, DnsRoutingGate, ProvenClaims } from './dns-gates.js';

export interface CellGlobals {
  readonly config: CellConfig;
  readonly metrics: Registry;
  /** Issues all certificates when no CA is configured; null when one is. */
  readonly localAuthority: CertificateIssuer | null;
  /** Makes the TLS of the region's hosts. */
  readonly hostServers: HostServers;
  /** One for the process. */
  readonly bodies: BodyBudget;
}

const EXPORTS = [
  CellConfig,
  Registry,
  PasskeyHost,
  BodyBudget,
  HostServers,
  TicketKeys,
  UnopenedCiphertexts,
  Clock,
  KnownCaIdentities,
  DelegationOffer,
  DnsResolver,
  DomainSettings,
  DomainObserver,
  MovePeers,
  CertificateSettings,
  CaaGate,
  RoutingGate,
];

// What this module knows: the settings of a cell, and the clock, the DNS resolver and the probe that its rooms inject.
// What it must not know: requests, or the providers of the rooms.

@Global()
@Module({})
export class CellGlobalsModule {
  static of({ config, metrics, localAuthority, hostServers, bodies }: CellGlobals): DynamicModule {
    return {
      module: CellGlobalsModule,
      providers: [
        { provide: CellConfig, useValue: config },
        { provide: Registry, useValue: metrics },
        { provide: BodyBudget, useValue: bodies },
        { provide: HostServers, useValue: hostServers },
        { provide: TicketKeys, useValue: hostServers.tickets },
        { provide: UnopenedCiphertexts, useValue: new UnopenedCiphertexts(metrics) },
        { provide: Clock, useExisting: DatabaseClock },
        KnownCaIdentities,
        {
          provide: DomainSettings,
          useFactory: (identities: KnownCaIdentities, delegation: DelegationOffer) =>
            domainSettings(config, identities, delegation),
          inject: [KnownCaIdentities, DelegationOffer],
        },
        { provide: DnsResolver, useValue: new DnsResolver({ servers: config.dnsServers }) },
        {
          provide: DomainObserver,
          useFactory: (resolver: DnsResolver, clock: Clock) =>
            new DomainObserver(resolver, probeOf(config), clock),
          inject: [DnsResolver, Clock],
        },
        {
          provide: DelegationOffer,
          useFactory: (resolver: DnsResolver) => delegationOffer(config, { resolver, metrics }),
          inject: [DnsResolver],
        },
        movePeers(config, localAuthority),
        { provide: PasskeyHost, useValue: passkeyHost(config) },
        { provide: CertificateSettings, useValue: certificateSettings(config, localAuthority) },
        ProvenClaims,
        { provide: CaaGate, useClass: DnsCaaGate },
        { provide: RoutingGate, useClass: DnsRoutingGate },
      ],
      exports: EXPORTS,
    };
  }
}

function certificateSettings(
  { cas, acmeParallel, dnsPersist, ownHosts }: CellConfig,
  localAuthority: CertificateIssuer | null,
): CertificateSettings {
  return {
    cas,
    localAuthority,
    usesPersist: dnsPersist,
    ownHosts: ownHosts.map((hostname) => ({
      hostname,
      registrableDomain: parse(hostname, { allowPrivateDomains: true }).domain ?? hostname,
    })),
    timing: { ...ISSUANCE_TIMING, parallel: acmeParallel },
  };
}

function delegationOffer(
  { region, baseDomain, nameServers, rootKeys }: CellConfig,
  parts: { readonly resolver: DnsResolver; readonly metrics: Registry },
): DelegationOffer {
  const zone = acmeZone(region, baseDomain);
  return nameServers.length === 0
    ? new NoDelegation(zone)
    : new NameserverReach({ zone, nameServers, rootKeys, ...parts });
}

function movePeers(
  config: CellConfig,
  localAuthority: CertificateIssuer | null,
): FactoryProvider<MovePeers> {
  return {
    provide: MovePeers,
    useFactory: (resolver: DnsResolver) =>
      new HttpsMovePeers(config, resolver, localAuthority?.rootPem ?? null),
    inject: [DnsResolver],
  };
}

function passkeyHost({ host, publicHttpsPort }: CellConfig): PasskeyHost {
  return { rpId: host, origin: httpsOrigin(host, publicHttpsPort) };
}

function domainSettings(
  config: CellConfig,
  identities: KnownCaIdentities,
  delegation: DelegationOffer,
): DomainSettings {
  const { region, baseDomain, fleet, ingressAddresses, allowsReservedTlds } = config;
  return {
    region,
    baseDomain,
    fleet,
    ingressAddresses,
    allowsReservedTlds,
    delegation,
    // The CAs are asked in the background, after the start.
    get cas() {
      return identities.list;
    },
    get hasUnnamedCa() {
      return identities.hasUnnamedCa;
    },
  };
}

function probeOf({ region, rootKeys, probeHttpPort, publicHttpsPort }: CellConfig): HttpProbe {
  return new HttpProbe({
    region,
    rootKeys,
    httpPort: probeHttpPort,
    httpsPort: publicHttpsPort,
  });
}
