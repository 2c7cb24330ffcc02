import type { Hostname } from '../shared/hostname.js';
import type { NetworkList } from '../shared/network.js';
import type { AcmeCaConfig } from './acme-config.js';
import type { DomainConnectConfig } from './domain-connect-config.js';
import type { MailConfig } from './mail-config.js';
import type { Limits } from './limits.js';
import type { Region } from './region.js';
import type { Role } from './role.js';
import type { RootKeys } from './root-key.js';
import type { SyncClaims } from './sync-claims.js';

/** The configuration of one cell: its own region's host, database and keys, no other region's. Injected by class. */
export class CellConfig {
  readonly region!: Region;
  readonly role!: Role;
  /** Every region of the fleet, this one included. */
  readonly fleet!: readonly Region[];
  /** `eu.onetime.example` */
  readonly host!: Hostname;
  readonly baseDomain!: Hostname;
  /** The host of every region of the fleet. None of them can be a custom domain. */
  readonly fleetHosts!: readonly Hostname[];
  /** The port in links; 443 is omitted. */
  readonly publicHttpsPort!: number;
  readonly databaseUrl!: string;
  /** What claims wait for at the synchronous standby; null: they commit as the server is set. */
  readonly syncClaims!: SyncClaims | null;
  readonly rootKeys!: RootKeys;

  /** The gateway's own hosts that this cell gets certificates for; empty with the local authority. */
  readonly ownHosts!: readonly Hostname[];
  /** In the order in which they are tried. Empty: the local authority issues. */
  readonly cas!: readonly AcmeCaConfig[];
  /** Concurrent issuances. */
  readonly acmeParallel!: number;
  readonly dnsPersist!: boolean;
  /** A domain whose name resolves to one of these addresses leads to this region. */
  readonly ingressAddresses!: readonly string[];
  /** `eu.ingress.onetime.example`: the parent of the CNAME targets of the region's custom domains. */
  readonly ingressSuffix!: string;
  /** The names by which the region's gateways answer DNS for delegated challenges; empty: they do not. */
  readonly nameServers!: readonly Hostname[];
  /** `host:port`. Empty: the system's name servers. */
  readonly dnsServers!: readonly string[];
  /** The port on which a custom domain is probed over HTTP. */
  readonly probeHttpPort!: number;
  /** Whether names under `.localhost`, `.test` and `.example` can be custom domains. */
  readonly allowsReservedTlds!: boolean;
  readonly mail!: MailConfig;
  /** Whether people make accounts by themselves. */
  readonly isSignUpOpen!: boolean;
  /** Addresses that are not public and that webhooks may name all the same. */
  readonly webhookPrivateTargets!: NetworkList;
  /** Where a customer gets the plan that has custom domains; null: the operator changes plans. */
  readonly upgradeUrl!: string | null;
  /** The look of the region's own host, see HostBrand; null: the default one. */
  readonly brandFile!: string | null;
  /** Null: Domain Connect is off. */
  readonly domainConnect!: DomainConnectConfig | null;
  /** Null: none, for a load test. */
  readonly limits!: Limits | null;
}
