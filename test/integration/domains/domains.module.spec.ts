import { Global, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CellConfig } from '../../../src/config/cell-config.js';
import { DatabaseModule } from '../../../src/database/database.module.js';
import { DomainDirectory } from '../../../src/domains/serving/domain-directory.js';
import { DomainObserver } from '../../../src/domains/checks/domain-observer.js';
import { DomainSettings } from '../../../src/domains/domain-settings.js';
import { DomainsModule } from '../../../src/domains/domains.module.js';
import { MovePeers } from '../../../src/domains/moves/move-peers.js';
import { DomainsService } from '../../../src/domains/domains.service.js';
import { DnsResolver } from '../../../src/dns/dns-resolver.js';
import { Clock, SystemClock } from '../../../src/shared/clock.js';
import { RateLimits } from '../../../src/limits/rate-limits.js';
import { openTestDatabase } from '../../support/test-database.js';
import { until } from '../../support/until.js';
import { anAccount, aName, certify, FakeDns, settings } from './support.js';

const dns = new FakeDns();

@Global()
@Module({
  providers: [
    { provide: DomainSettings, useValue: settings },
    { provide: DomainObserver, useValue: dns },
    { provide: CellConfig, useValue: { limits: null, domainConnect: null } },
    { provide: Clock, useValue: new SystemClock() },
    { provide: DnsResolver, useValue: new DnsResolver({ servers: ['127.0.0.1:9'] }) },
    { provide: MovePeers, useValue: { stateOf: async () => null } },
    { provide: RateLimits, useValue: { chargeMemory: () => null } },
  ],
  exports: [DomainSettings, MovePeers, DomainObserver, CellConfig, RateLimits, Clock, DnsResolver],
})
class CellProviders {}

describe(DomainsModule, () => {
  it('takes a claim to serving by its jobs, and stops them on close', async () => {
    const database = await openTestDatabase();
    @Module({ imports: [CellProviders, DatabaseModule.of(database.dataSource), DomainsModule] })
    class Cell {}
    const app = await NestFactory.createApplicationContext(Cell, {
      logger: false,
      abortOnError: false,
    });
    const account = await anAccount(database);
    const claim = await app.get(DomainsService).claim(account, aName());
    dns.publishTxt(claim);
    dns.publishCname(claim);
    const directory = app.get(DomainDirectory);
    expect(await directory.find(claim.hostname)).toBeNull();
    // The first check would be due after ten seconds.
    await database.dataSource.query('update domains set next_check_at = now()');
    await until('proof', async () => {
      const { ownership } = await app.get(DomainsService).get(account.id, claim.extid);
      return ownership === 'verified';
    });
    await certify(database, claim.hostname);
    await until('serving', async () => (await directory.find(claim.hostname)) !== null);

    await app.close();
    expect(database.dataSource.isInitialized).toBe(false);
    await database.close();
  });
});
