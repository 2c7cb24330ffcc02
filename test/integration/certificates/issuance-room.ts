import type { DomainId } from '../../../src/domains/domain.js';
import { randomBytes, randomUUID } from 'node:crypto';
import { Registry } from 'prom-client';
import type { PublishedChallenge } from '../../../src/acme/authorize-order.js';
import { CertificateRemovalStore } from '../../../src/certificates/stores/certificate-removal.store.js';
import type {
  CertificateSettings,
  LimitedCa,
} from '../../../src/certificates/certificate-settings.js';
import { CertificateUploads } from '../../../src/certificates/uploads/certificate-uploads.js';
import { CertificateViewStore } from '../../../src/certificates/stores/certificate-view.store.js';
import { CertificateStore } from '../../../src/certificates/stores/certificate.store.js';
import { CertificatesService } from '../../../src/certificates/certificates.service.js';
import { CaaGate, RoutingGate, type RoutingVerdict } from '../../../src/certificates/gates.js';
import { AcmeAccountStore } from '../../../src/certificates/issuers/acme-account.store.js';
import { AcmeAccounts } from '../../../src/certificates/issuers/acme-accounts.js';
import { CaHeadroom } from '../../../src/certificates/ca/ca-headroom.js';
import { CaHolds } from '../../../src/certificates/ca/ca-holds.js';
import { CaLedger } from '../../../src/certificates/ca/ca-ledger.js';
import { ChallengeStore } from '../../../src/certificates/stores/challenge.store.js';
import { ConfiguredIssuers } from '../../../src/certificates/issuers/configured-issuers.js';
import { FailureHandler } from '../../../src/certificates/orders/failure-handler.js';
import { IssuanceLease } from '../../../src/certificates/stores/issuance-lease.js';
import { IssuanceJob } from '../../../src/certificates/issuance/issuance.job.js';
import { IssuanceRunner } from '../../../src/certificates/issuance/issuance-runner.js';
import { IssuanceStore } from '../../../src/certificates/stores/issuance.store.js';
import { IssuanceFailures } from '../../../src/certificates/orders/issuance-failures.js';
import { IssuePermit } from '../../../src/certificates/orders/issue-permit.js';
import { IssuerFailover } from '../../../src/certificates/orders/issuer-failover.js';
import { IssuanceAttempt } from '../../../src/certificates/orders/issuance-attempt.js';
import { OrderRun } from '../../../src/certificates/orders/order-run.js';
import { Promoter } from '../../../src/certificates/orders/promoter.js';
import { RenewalWatch } from '../../../src/certificates/issuance/renewal-watch.js';
import { AuthorizationEnder } from '../../../src/certificates/issuance/authorization-ender.js';
import { PlacedOrders } from '../../../src/certificates/stores/placed-orders.store.js';
import { CertificateRevoker } from '../../../src/certificates/issuance/certificate-revoker.js';
import { IssuanceWorker } from '../../../src/certificates/issuance/issuance-worker.js';
import { Upkeep } from '../../../src/certificates/issuance/upkeep.js';
import { NameReviewsStore } from '../../../src/certificates/stores/name-reviews.store.js';
import { WantedNamesStore } from '../../../src/certificates/stores/wanted-names.store.js';
import { KeyVault } from '../../../src/certificates/key-vault.js';
import { HostServers } from '../../../src/certificates/contexts/host-server.js';
import { StoredContexts } from '../../../src/certificates/contexts/stored-contexts.js';
import type { CellConfig } from '../../../src/config/cell-config.js';
import type { RootKey } from '../../../src/config/root-key.js';
import { ChangeFeed } from '../../../src/database/change-feed.js';
import type { CaaDecision } from '../../../src/dns/caa-policy.js';
import type { CaIdentity } from '../../../src/dns/caa-record.js';
import { ClockWatch } from '../../../src/database/clock-watch.js';
import { type Clock, SystemClock } from '../../../src/shared/clock.js';
import { MINUTE, SECOND } from '../../../src/shared/durations.js';
import type { Hostname } from '../../../src/shared/hostname.js';
import type { ChallengeTestServer } from '../../support/challtestsrv.js';
import type { TestDatabase } from '../../support/test-database.js';
import { UnopenedCiphertexts } from '../../../src/shared/unopened-ciphertexts.js';

const ROOT_KEY = { version: 1, bytes: randomBytes(32) };

/** CAA answers of the customers' name servers. Permits by default. */
export class FakeCaa extends CaaGate {
  /** By the CA's identity. */
  decisions = new Map<string, CaaDecision>();
  readonly asked: CaIdentity[] = [];

  override check(_: Hostname, ca: CaIdentity): Promise<CaaDecision> {
    this.asked.push(ca);
    const permitted: CaaDecision = { kind: 'permitted', methods: [...ca.methods] };
    return Promise.resolve(this.decisions.get(ca.domain) ?? permitted);
  }
}

const POINTED: RoutingVerdict = {
  kind: 'pointed',
  challengeTypes: ['http-01', 'tls-alpn-01'],
  isUncertain: false,
};

export class FakeRouting extends RoutingGate {
  readonly verdicts = new Map<Hostname, RoutingVerdict>();

  override check(hostname: Hostname): Promise<RoutingVerdict> {
    return Promise.resolve(this.verdicts.get(hostname) ?? POINTED);
  }
}

export const DELEGATION_ZONE = 'acme.eu.onetime.example';

/** Copies each challenge to the responder, as read back from the database. */
class ReadBackChallenges extends ChallengeStore {
  readonly #rows: TestDatabase['dataSource'];

  constructor(
    { statements, dataSource }: TestDatabase,
    private readonly answers: Map<string, string>,
    private readonly dns: ChallengeTestServer | null,
  ) {
    super(statements, dataSource);
    this.#rows = dataSource;
  }

  override async publish(hostname: Hostname, challenge: PublishedChallenge): Promise<void> {
    await super.publish(hostname, challenge);
    const { token } = challenge;
    if (challenge.type === 'dns-01') return this.#answerByDns(hostname);
    this.answers.set(token, (await this.findKeyAuthorization(token)) ?? 'not in the database');
  }

  /** What a name server answers by the label of the name's claim. */
  async #answerByDns(hostname: Hostname): Promise<void> {
    const [row] = await this.#rows.query<{ label: string }[]>(
      'select target_label as label from domains where hostname = $1 and removed_at is null',
      [hostname],
    );
    const label = row?.label ?? '';
    const name = `${label}.${DELEGATION_ZONE}`;
    await this.dns?.clearTxt(name);
    for (const value of await this.findDnsValues(label)) await this.dns?.addTxt(name, value);
  }
}

export interface RoomParts {
  readonly database: TestDatabase;
  readonly cas: readonly LimitedCa[];
  /** The answers of the http-01 responder. */
  readonly answers: Map<string, string>;
  /** Answers dns-01 by what the database has for the label of a claim. */
  readonly dns?: ChallengeTestServer;
  readonly caa?: CaaGate;
  readonly routing?: RoutingGate;
  /** The current one first. */
  readonly rootKeys?: readonly RootKey[];
  readonly clock?: Clock;
  readonly changes?: Partial<CertificateSettings>;
}

export type IssuanceRoom = ReturnType<typeof openIssuanceRoom>;

/** The room of one process. Its loop starts with job.onModuleInit(). */
export function openIssuanceRoom(parts: RoomParts) {
  const { database, cas, answers, caa = new FakeCaa(), routing = new FakeRouting() } = parts;
  const { dataSource, statements } = database;
  const { clock = new SystemClock() } = parts;
  const clocks = new ClockWatch();
  const metrics = new Registry();
  const timing = { lease: 20 * SECOND, fullScan: MINUTE, polling: 2 * SECOND, parallel: 8 };
  const settings = { cas, localAuthority: null, ownHosts: [], timing, ...parts.changes };
  const config = { rootKeys: parts.rootKeys ?? [ROOT_KEY], region: 'eu' } as unknown as CellConfig;
  const vault = new KeyVault(config, new UnopenedCiphertexts(new Registry()));
  const certificates = new CertificateStore(statements, dataSource, vault);
  const issuances = new IssuanceStore(statements, dataSource);
  const removal = new CertificateRemovalStore(dataSource);
  const wanted = new WantedNamesStore(dataSource, settings);
  const challenges = new ReadBackChallenges(database, answers, parts.dns ?? null);
  const [holds, ledger] = [new CaHolds(statements), new CaLedger(dataSource, settings)];
  const accounts = new AcmeAccounts(
    new AcmeAccountStore(statements, dataSource),
    vault,
    clock,
    clocks,
    metrics,
  );
  const issuers = new ConfiguredIssuers(settings, accounts, clock);
  const permit = new IssuePermit(caa, routing, holds, challenges);
  const placed = new PlacedOrders(statements);
  const orders = new OrderRun(vault, ledger, challenges, settings, placed);
  const counted = new IssuanceFailures(metrics);
  const failures = new FailureHandler(holds, ledger, counted);
  const attempt = new IssuanceAttempt(
    permit,
    orders,
    new Promoter(certificates, clock),
    failures,
    counted,
  );
  const failover = new IssuerFailover(issuers, attempt, certificates);
  const watch = new RenewalWatch(issuers, certificates, clock);
  const runner = new IssuanceRunner(wanted, removal, permit, watch, failover);
  const headroom = new CaHeadroom(settings, ledger, statements, metrics);
  const reviews = new NameReviewsStore(dataSource);
  const upkeep = new Upkeep(wanted, certificates, removal, reviews, settings);
  const revoker = new CertificateRevoker(removal, issuers, new AuthorizationEnder(placed, issuers));
  const worker = new IssuanceWorker(issuances, runner, settings, counted);
  const feed = new ChangeFeed(dataSource, statements);
  const contexts = new StoredContexts(certificates, clock, new HostServers(), feed);
  const job = new IssuanceJob(worker, upkeep, revoker, settings, feed);
  const uploads = new CertificateUploads(issuances, certificates, clock);
  const views = new CertificateViewStore(dataSource, vault);
  const service = new CertificatesService(views, uploads, removal, challenges);
  const runOne = async (leaseSeconds = 20): Promise<Hostname | null> => {
    const row = await issuances.takeDue(randomUUID(), leaseSeconds);
    if (row === null) return null;
    await runner.run(new IssuanceLease(row, issuances, new AbortController().signal));
    return row.hostname;
  };
  return {
    accounts,
    certificates,
    clocks,
    contexts,
    failures,
    feed,
    headroom,
    holds,
    issuances,
    issuers,
    job,
    ledger,
    metrics,
    revoker,
    service,
    upkeep,
    wanted,
    /** Works on one due row. Resolves to its name; null: none is due. */
    runOne,
    /** Works on the due rows one after the other. Resolves to their names. */
    runDue: async (leaseSeconds = 20): Promise<Hostname[]> => {
      const done: Hostname[] = [];
      for (;;) {
        const name = await runOne(leaseSeconds);
        if (name === null) return done;
        done.push(name);
      }
    },
    close: async () => {
      await Promise.all([job.onModuleDestroy(), accounts.onModuleDestroy()]);
      await feed.onModuleDestroy();
    },
  };
}

let labels = 0;

/** Inserts a proven domain that leads here, as the domains room does. Resolves to its id. */
export async function aProvenDomain(
  { dataSource }: Pick<TestDatabase, 'dataSource'>,
  hostname: Hostname,
): Promise<DomainId> {
  labels += 1;
  const [row] = await dataSource.query<{ id: DomainId }[]>(
    `insert into domains (extid, account_id, hostname, display_name, registrable_domain, is_apex, target_label,
       challenge_label, challenge_value, ownership, verified_at, routing, pointed_at)
     values ($1, gen_random_uuid(), $2, $2, $3, false, $1, 'abc1234', 'value', 'verified', now(), 'pointed', now())
     returning id`,
    [`label${labels}`, hostname, hostname.split('.').slice(-2).join('.')],
  );
  if (row === undefined) throw new Error('no domain');
  return row.id;
}

/** The event types of the name's certificate axis, oldest first. */
export async function timelineOf(
  { dataSource }: Pick<TestDatabase, 'dataSource'>,
  hostname: Hostname,
): Promise<string[]> {
  const rows = await dataSource.query<{ type: string }[]>(
    `select type from domain_events where hostname = $1 and axis = 'certificate' order by id`,
    [hostname],
  );
  return rows.map(({ type }) => type);
}

export interface CertificateRow {
  readonly version: number;
  readonly ca: string;
  readonly serial: string;
  readonly isCurrent: boolean;
  readonly hasKey: boolean;
}

export function certificatesOf(
  { dataSource }: Pick<TestDatabase, 'dataSource'>,
  hostname: Hostname,
): Promise<CertificateRow[]> {
  return dataSource.query<CertificateRow[]>(
    `select version, ca, serial, superseded_at is null as "isCurrent", sealed_private_key is not null as "hasKey"
     from certificates where hostname = $1 order by version`,
    [hostname],
  );
}

/** Makes the name's row and its renewal due now. */
export async function makeDue(
  { dataSource }: Pick<TestDatabase, 'dataSource'>,
  hostname: Hostname,
): Promise<void> {
  await dataSource.query(
    `update issuances set next_at = now(), leased_until = null,
       renew_at = case when not_after is not null then now() else renew_at end
     where hostname = $1`,
    [hostname],
  );
}
