import { randomBytes } from 'node:crypto';
import { Global, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { Registry } from 'prom-client';
import { CertificateSettings } from '../../../src/certificates/certificate-settings.js';
import { ISSUANCE_TIMING } from '../../../src/certificates/certificate-settings.js';
import { CertificatesModule } from '../../../src/certificates/certificates.module.js';
import { CertificatesService } from '../../../src/certificates/certificates.service.js';
import { CaaGate, RoutingGate } from '../../../src/certificates/gates.js';
import { HostServers } from '../../../src/certificates/contexts/host-server.js';
import { StoredContexts } from '../../../src/certificates/contexts/stored-contexts.js';
import { TicketKeys } from '../../../src/certificates/tickets/ticket-keys.js';
import { CellConfig } from '../../../src/config/cell-config.js';
import { DatabaseModule } from '../../../src/database/database.module.js';
import { DomainObserver } from '../../../src/domains/checks/domain-observer.js';
import { DnsResolver } from '../../../src/dns/dns-resolver.js';
import { MovePeers } from '../../../src/domains/moves/move-peers.js';
import { DomainSettings } from '../../../src/domains/domain-settings.js';
import { RateLimits } from '../../../src/limits/rate-limits.js';
import { Clock, SystemClock } from '../../../src/shared/clock.js';
import { requireHostname } from '../../../src/shared/hostname.js';
import { FakeDns, settings as domainSettings } from '../domains/support.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { until } from '../../support/until.js';
import { aProvenDomain, FakeCaa, FakeRouting } from './issuance-room.js';
import { openTestAuthority, type TestAuthority } from './test-authority.js';
import { UnopenedCiphertexts } from '../../../src/shared/unopened-ciphertexts.js';

const NAME = requireHostname('secrets.acme.example');

@Global()
@Module({})
class CellModule {}

describe(CertificatesModule.name, () => {
  let database: TestDatabase;
  let test: TestAuthority;
  beforeAll(async () => {
    [database, test] = await Promise.all([openTestDatabase(), openTestAuthority()]);
  });
  afterAll(async () => {
    await database.close();
    await test.remove();
  });

  it('starts with the providers of a cell, issues for an announced domain and stops', async () => {
    const certificates: CertificateSettings = {
      cas: [],
      localAuthority: test.authority,
      ownHosts: [],
      timing: ISSUANCE_TIMING,
    };
    const hostServers = new HostServers();
    const providers = [
      { provide: Clock, useClass: SystemClock },
      { provide: HostServers, useValue: hostServers },
      { provide: TicketKeys, useValue: hostServers.tickets },
      { provide: Registry, useValue: new Registry() },
      { provide: UnopenedCiphertexts, useValue: new UnopenedCiphertexts(new Registry()) },
      {
        provide: CellConfig,
        useValue: {
          region: 'eu',
          rootKeys: [{ version: 1, bytes: randomBytes(32) }],
          domainConnect: null,
        },
      },
      { provide: RateLimits, useValue: { chargeMemory: () => null } },
      { provide: DomainSettings, useValue: domainSettings },
      { provide: DomainObserver, useValue: new FakeDns() },
      { provide: MovePeers, useValue: { stateOf: async () => null } },
      { provide: DnsResolver, useValue: new DnsResolver({ servers: ['127.0.0.1:9'] }) },
      { provide: CertificateSettings, useValue: certificates },
      { provide: CaaGate, useClass: FakeCaa },
      { provide: RoutingGate, useClass: FakeRouting },
    ];
    const exports = providers.map(({ provide }) => provide);
    const cell = { module: CellModule, providers, exports };
    const compiled = await Test.createTestingModule({
      imports: [cell, DatabaseModule.of(database.dataSource), CertificatesModule],
    }).compile();
    const app = await compiled.init();
    await aProvenDomain(database, NAME);
    await database.dataSource.query('insert into domain_changes (hostname) values ($1)', [NAME]);
    const contexts = app.get(StoredContexts);
    await until('a context', async () => contexts.find(NAME));
    expect(await app.get(CertificatesService).view(NAME)).toMatchObject({
      state: 'active',
      source: 'local',
    });
    await app.close();
  });
});
