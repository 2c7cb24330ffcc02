import { Injectable } from '@nestjs/common';
import { type Statement, Statements } from '../../database/statements.js';
import type { AcmeCa } from '../../acme/acme-ca.js';
import type { SealedKey } from '../key-vault.js';

/** The account at one CA. Its key is there before its URL is. */
export interface AccountRow extends SealedKey {
  readonly accountUrl: string | null;
}

const COLUMNS = `account_url as "accountUrl", sealed_key as sealed, key_version as "keyVersion"`;

const FIND: Statement = {
  name: 'acme_accounts_find',
  text: `select ${COLUMNS} from acme_accounts where ca = $1 and directory_url = $2`,
};

// Of several that come at once the first one's key stays. Another directory under the same name is another CA.
const KEEP_KEY: Statement = {
  name: 'acme_accounts_keep_key',
  text: `
    insert into acme_accounts as kept (ca, directory_url, sealed_key, key_version) values ($1, $2, $3, $4)
    on conflict (ca) do update set directory_url = excluded.directory_url, account_url = null,
      sealed_key = excluded.sealed_key, key_version = excluded.key_version, fence = kept.fence + 1
    where kept.directory_url <> excluded.directory_url`,
};

const LEASE: Statement = {
  name: 'acme_accounts_lease',
  text: `
    update acme_accounts set lease_owner = $3, fence = fence + 1,
      leased_until = now() + make_interval(secs => $4::float8)
    where ca = $1 and directory_url = $2 and account_url is null
      and (leased_until is null or leased_until <= now())
    returning fence`,
};

const SAVE_URL: Statement = {
  name: 'acme_accounts_save_url',
  text: `
    update acme_accounts set account_url = $3, leased_until = null, lease_owner = null
    where ca = $1 and fence = $2`,
};

const RELEASE: Statement = {
  name: 'acme_accounts_release',
  text: 'update acme_accounts set leased_until = null, lease_owner = null where ca = $1 and fence = $2',
};

const FORGET: Statement = {
  name: 'acme_accounts_forget',
  text: 'update acme_accounts set account_url = null where ca = $1 and account_url = $2',
};

/** One account per CA in a region's database, whoever registers it. */
@Injectable()
export class AcmeAccountStore {
  constructor(private readonly statements: Statements) {}

  async find(ca: AcmeCa): Promise<AccountRow | null> {
    const [row] = await this.statements.run<AccountRow>(FIND, [ca.name, ca.directoryUrl]);
    return row ?? null;
  }

  /** Read the row afterwards: another process may have kept its own. */
  async keepKey(ca: AcmeCa, key: SealedKey): Promise<void> {
    const { sealed, keyVersion } = key;
    await this.statements.run(KEEP_KEY, [ca.name, ca.directoryUrl, sealed, keyVersion]);
  }

  /** The right to register, until it is saved or the lease runs out. Null: another has it, or it is done. */
  async lease(ca: AcmeCa, owner: string, seconds: number): Promise<string | null> {
    const values = [ca.name, ca.directoryUrl, owner, seconds];
    const [row] = await this.statements.run<{ fence: string }>(LEASE, values);
    return row?.fence ?? null;
  }

  async saveUrl(ca: AcmeCa, fence: string, accountUrl: string): Promise<void> {
    await this.statements.run(SAVE_URL, [ca.name, fence, accountUrl]);
  }

  async release(ca: AcmeCa, fence: string): Promise<void> {
    await this.statements.run(RELEASE, [ca.name, fence]);
  }

  /** The CA does not know `accountUrl` any more. The key stays and is registered again. */
  async forget(ca: AcmeCa, accountUrl: string): Promise<void> {
    await this.statements.run(FORGET, [ca.name, accountUrl]);
  }
}
