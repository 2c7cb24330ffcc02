import type { DataSource } from 'typeorm';
import { AccountStore } from '../accounts/account.store.js';
import { AccountsService } from '../accounts/accounts.service.js';
import { ClosingStore } from '../accounts/closing/closing.store.js';
import { TokenStore } from '../accounts/tokens/token.store.js';
import { TokensService } from '../accounts/tokens/tokens.service.js';
import type { DomainAdministrationService } from '../certificates/domain-administration.service.js';
import { CertificateReportStore } from '../certificates/stores/certificate-report.store.js';
import { IssuanceInterventions } from '../certificates/stores/issuance-interventions.store.js';
import { ConfigError } from '../config/config-error.js';
import { readConfig, type Config } from '../config/config.js';
import { existingRootKeys } from '../config/data-dir-keys.js';
import type { RegionConfig } from '../config/region-config.js';
import type { Region } from '../config/region.js';
import type { RootKeys } from '../config/root-key.js';
import { connectDatabase } from '../database/connect.js';
import { openDatabases, type Databases } from '../database/embedded/open-databases.js';
import { appliedMigrations, migrateDatabase } from '../database/migrate.js';
import { Statements } from '../database/statements.js';
import { AdminAuditService } from '../operators/admin-audit.service.js';
import { AdminKeyStore } from '../operators/admin-key.store.js';
import { AdminKeysService } from '../operators/admin-keys.service.js';
import { AccountRemoval } from '../secrets/account-removal.js';
import { differentRootKeys } from '../region/root-key-check.js';
import { checkSessions } from '../region/session-check.js';
import { ReceiptStore } from '../secrets/receipt.store.js';
import { AppError } from '../shared/app-error.js';
import { RegionFailed } from './command-context.js';
import { domainAdministrationIn, domainSettingsOf } from './domain-administration.js';

/** The services that a command uses in its region. No root keys: no command opens a secret. */
export interface RegionSession {
  readonly region: Region;
  readonly database: DataSource;
  readonly accounts: AccountsService;
  readonly tokens: TokensService;
  readonly removal: AccountRemoval;
  readonly domains: DomainAdministrationService;
  readonly certificateReports: CertificateReportStore;
  readonly interventions: IssuanceInterventions;
  readonly adminKeys: AdminKeysService;
  readonly adminAudit: AdminAuditService;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Runs `work` in one region after the migrations, whether the gateway runs or not. Throws ConfigError for a bad
 * configuration, for a region that is not served, for no region when several are served, and for an empty database.
 */
export async function withRegion<Result>(
  environment: Environment,
  name: string | undefined,
  work: (session: RegionSession) => Promise<Result>,
): Promise<Result> {
  const config = readConfig(environment);
  const served = chooseRegion(config, name);
  return withDatabases(config, [served], async (region, dataSource) => {
    await requireUsable(config, served, dataSource);
    await migrateDatabase(dataSource);
    const statements = new Statements(dataSource);
    const tokens = new TokensService(new TokenStore(dataSource));
    const accounts = new AccountsService(new AccountStore(statements, dataSource), tokens);
    const receipts = new ReceiptStore(statements);
    const certificateReports = new CertificateReportStore(statements);
    return work({
      region,
      database: dataSource,
      accounts,
      tokens,
      removal: new AccountRemoval(accounts, new ClosingStore(dataSource), receipts),
      domains: domainAdministrationIn(
        dataSource,
        accounts,
        certificateReports,
        domainSettingsOf(config, served),
      ),
      certificateReports,
      interventions: new IssuanceInterventions(dataSource),
      adminKeys: new AdminKeysService(new AdminKeyStore(dataSource, statements)),
      adminAudit: new AdminAuditService(dataSource),
    });
  }).then(([result]) => result as Result);
}

/** @throws ConfigError when a pooler shares sessions, the database of the URL is empty, or it is not this region's */
export async function requireUsable(
  config: Config,
  { region, databaseUrl }: RegionConfig,
  dataSource: DataSource,
): Promise<void> {
  await checkSessions(region, dataSource);
  if ((await appliedMigrations(dataSource)).length > 0)
    return refuseAnothers(region, existingRootKeys(config, region), dataSource);
  // An answer from it, such as "no accounts", would hide that the URL is the wrong one.
  if (databaseUrl !== null)
    throw unfit(
      'DATABASE_URL',
      region,
      'the database is empty: if it is the right one, run gateway migrate or start a gateway first',
    );
}

/** Its backup could be restored nowhere, and what is changed or shredded there is another region's. */
async function refuseAnothers(
  region: Region,
  rootKeys: RootKeys | null,
  dataSource: DataSource,
): Promise<void> {
  if (rootKeys === null) return;
  const [version] = await differentRootKeys({ region, rootKeys }, dataSource);
  if (version === undefined) return;
  const message = `version ${version} is another key than the one that the database was written with: configure that one, or the database of ${region}`;
  throw unfit('ROOT_KEY', region, message);
}

function unfit(name: 'DATABASE_URL' | 'ROOT_KEY', region: Region, message: string): ConfigError {
  return new ConfigError([{ variable: `GATEWAY_${name}_${region.toUpperCase()}`, message }]);
}

/** Runs `work` on the database of the named region, or of each served region in turn. Does not migrate. */
export function withEachDatabase<Result>(
  environment: Environment,
  name: string | undefined,
  work: (region: Region, dataSource: DataSource) => Promise<Result>,
): Promise<Result[]> {
  const config = readConfig(environment);
  return withDatabases(config, chooseRegions(config, name), work);
}

/** Runs `work` on the database of each region in turn. */
export async function withDatabases<Result>(
  config: Config,
  regions: readonly RegionConfig[],
  work: (region: Region, dataSource: DataSource) => Promise<Result>,
): Promise<Result[]> {
  const databases = await openOrExplain({ ...config, served: regions });
  try {
    const results: Result[] = [];
    for (const { region } of regions) {
      const url = databases.urlOf(region);
      const result = withDataSource(url, (source) => work(region, source)).catch(
        (error: unknown) => {
          throw regions.length === 1 ? error : new RegionFailed(region, error);
        },
      );
      results.push(await result);
    }
    return results;
  } finally {
    await databases.close();
  }
}

/** Runs `work` with the URL of a region's database, to which nothing is connected. `mayMake`: it may be empty, and an embedded one is made. */
export async function withDatabaseUrl<Result>(
  config: Config,
  own: RegionConfig,
  work: (url: string) => Promise<Result>,
  { mayMake }: { readonly mayMake?: true } = {},
): Promise<Result> {
  const databases = await openOrExplain({ ...config, served: [own] }, mayMake);
  try {
    const url = databases.urlOf(own.region);
    if (mayMake !== true) await withDataSource(url, (source) => requireUsable(config, own, source));
    return await work(url);
  } finally {
    await databases.close();
  }
}

async function withDataSource<Result>(
  url: string,
  work: (dataSource: DataSource) => Promise<Result>,
): Promise<Result> {
  const dataSource = await connectDatabase(url);
  try {
    return await work(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

/** The errors of the embedded server are written for the operator, so they become the message. */
async function openOrExplain(config: Config, mayMake?: true): Promise<Databases> {
  try {
    return await openDatabases(config, 'command', mayMake);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new AppError('unavailable', (error as Error).message, { cause: error });
  }
}

/** The named region, or all that are served. @throws ConfigError for a region that is not served */
export function chooseRegions(config: Config, name: string | undefined): readonly RegionConfig[] {
  return name === undefined ? config.served : [chooseRegion(config, name)];
}

/** @throws ConfigError for a region that is not served, and for no name when several are */
export function chooseRegion({ served }: Config, name: string | undefined): RegionConfig {
  const names = served.map(({ region }) => region).join(', ');
  const chosen = name === undefined ? served : served.filter(({ region }) => region === name);
  if (chosen.length === 1) return chosen[0] as RegionConfig;
  const message =
    name === undefined
      ? `expected one of ${names}`
      : `${name} is not served here; expected ${names}`;
  throw new ConfigError([{ variable: '--region', message }]);
}
