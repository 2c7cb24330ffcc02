import { Global, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { CellConfig } from '../../../src/config/cell-config.js';
import { DomainDirectory } from '../../../src/domains/serving/domain-directory.js';
import { DomainsModule } from '../../../src/domains/domains.module.js';
import { DomainsService } from '../../../src/domains/domains.service.js';
import { Statements } from '../../../src/database/statements.js';
import { LimitsModule } from '../../../src/limits/limits.module.js';
import { LinkDelivery } from '../../../src/secrets/link-delivery.js';
import { SecretsModule } from '../../../src/secrets/secrets.module.js';
import { SecretsService } from '../../../src/secrets/secrets.service.js';
import { Clock, SystemClock } from '../../../src/shared/clock.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { until } from '../../support/until.js';
import { ROOT_KEY, anonymous, command } from './support.js';
import { UnopenedCiphertexts } from '../../../src/shared/unopened-ciphertexts.js';

@Global()
@Module({})
class CellModule {}

const domains = [DomainDirectory, DomainsService].map((provide) => ({ provide, useValue: {} }));

@Module({ providers: domains, exports: domains.map(({ provide }) => provide) })
class NoDomainsModule {}

describe(SecretsModule.name, () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await openTestDatabase();
  });
  afterAll(() => database.close());

  it('starts with the providers of a cell, makes its partitions, and stops', async () => {
    const [last] = await database.dataSource.query<{ name: string }[]>(
      "select max(relname) as name from pg_class where relname ~ '^secrets_[0-9]{8}$'",
    );
    await database.dataSource.query(`drop table ${last?.name}`);
    const app = await startModule();
    await until('the missing partition', async () => {
      const rows = await database.dataSource.query<unknown[]>(
        'select where to_regclass($1) is not null',
        [last?.name],
      );
      return rows.length === 1;
    });

    const secrets = app.get(SecretsService);
    const { secretKey } = await secrets.conceal(anonymous, command());
    await expect(secrets.reveal(anonymous, secretKey ?? '', null)).resolves.toMatchObject({
      value: 'a value',
    });
    await app.close();
  });

  async function startModule() {
    const { dataSource, statements } = database;
    const providers = [
      { provide: DataSource, useValue: dataSource },
      { provide: Statements, useValue: statements },
      { provide: Clock, useClass: SystemClock },
      { provide: Registry, useValue: new Registry() },
      { provide: UnopenedCiphertexts, useValue: new UnopenedCiphertexts(new Registry()) },
      { provide: LinkDelivery, useValue: { isOpen: false, partFor: () => Promise.resolve(null) } },
      { provide: CellConfig, useValue: { region: 'eu', rootKeys: [ROOT_KEY], limits: null } },
    ];
    const cell = {
      module: CellModule,
      providers,
      exports: providers.map(({ provide }) => provide),
    };
    const module = await Test.createTestingModule({
      imports: [cell, { module: LimitsModule, global: true }, SecretsModule],
    })
      .overrideModule(DomainsModule)
      .useModule(NoDomainsModule)
      .compile();
    return module.init();
  }
});
