import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type Statement, Statements } from '../../database/statements.js';
import type { AcmeCa } from '../../acme/acme-ca.js';
import type { SealedKey } from '../key-vault.js';
import { AcmeAccountEntity } from './acme-account.entity.js';

// A statement, since the update depends on the present row: the first key stays, unless the directory has changed.
const KEEP_KEY: Statement = {
  name: 'acme_accounts_keep_key',
  text: `
    insert into acme_accounts as kept (ca, directory_url, sealed_key, key_version) values ($1, $2, $3, $4)
    on conflict (ca) do update set directory_url = excluded.directory_url, account_url = null,
      sealed_key = excluded.sealed_key, key_version = excluded.key_version, fence = kept.fence + 1,
      offers = default
    where kept.directory_url <> excluded.directory_url`,
};

// The key of a process that lags behind in a rotation may be missing here and right elsewhere: only a version that the
// process has, or that was given up, is replaced. A process that registers under the old key is refused by the fence.
const REPLACE_KEY: Statement = {
  name: 'acme_accounts_replace_key',
  text: `
    update acme_accounts a set account_url = null, sealed_key = $3, key_version = $4, fence = fence + 1,
      lease_owner = null, leased_until = null
    where ca = $1 and sealed_key = $2 and (
      key_version = any($5::int[])
      or not exists (select from root_key_checks c where c.version = a.key_version and c.is_in_use)
    )
    returning 1 as replaced`,
};

const NOTE_OFFERS: Statement = {
  name: 'acme_accounts_note_offers',
  text: `
    update acme_accounts set offers = $3
    where ca = $1 and directory_url = $2 and offers is distinct from $3`,
};

/** One account per CA in a region's database, shared by all processes. */
@Injectable()
export class AcmeAccountStore {
  constructor(
    private readonly statements: Statements,
    private readonly dataSource: DataSource,
  ) {}

  find({ name, directoryUrl }: AcmeCa): Promise<AcmeAccountEntity | null> {
    return this.dataSource.manager.findOneBy(AcmeAccountEntity, { ca: name, directoryUrl });
  }

  /** Stores the first key only: read the row afterwards, since another process may have been first. */
  async keepKey(ca: AcmeCa, { sealed, keyVersion }: SealedKey): Promise<void> {
    await this.statements.run(KEEP_KEY, [ca.name, ca.directoryUrl, sealed, keyVersion]);
  }

  /**
   * For a key that never opens again: it is damaged, or its root key was given up.
   * @param versions of the root keys of this process
   * @returns whether this call replaced it
   */
  async replaceKey(
    ca: AcmeCa,
    unreadable: SealedKey,
    { sealed, keyVersion }: SealedKey,
    versions: readonly number[],
  ): Promise<boolean> {
    const values = [ca.name, unreadable.sealed, sealed, keyVersion, versions];
    return (await this.statements.run(REPLACE_KEY, values)).length === 1;
  }

  /**
   * Takes the right to register, until the URL is saved or the lease ends.
   * @returns the fence; null when another process has the lease or the account is registered
   */
  async lease(ca: AcmeCa, owner: string, seconds: number): Promise<string | null> {
    const { raw } = await this.dataSource.manager
      .createQueryBuilder()
      .update(AcmeAccountEntity)
      .set({
        leaseOwner: owner,
        fence: () => 'fence + 1',
        leasedUntil: () => 'now() + make_interval(secs => :seconds)',
      })
      .where('ca = :name and directory_url = :directoryUrl and account_url is null')
      .andWhere('(leased_until is null or leased_until <= now())')
      .setParameters({ name: ca.name, directoryUrl: ca.directoryUrl, seconds })
      .returning('fence')
      .execute();
    const [row] = raw as { readonly fence: string }[];
    return row?.fence ?? null;
  }

  async saveUrl(ca: AcmeCa, fence: string, accountUrl: string): Promise<void> {
    const saved = { accountUrl, leasedUntil: null, leaseOwner: null };
    await this.dataSource.manager.update(AcmeAccountEntity, { ca: ca.name, fence }, saved);
  }

  async release(ca: AcmeCa, fence: string): Promise<void> {
    const released = { leasedUntil: null, leaseOwner: null };
    await this.dataSource.manager.update(AcmeAccountEntity, { ca: ca.name, fence }, released);
  }

  async noteOffers({ name, directoryUrl }: AcmeCa, offers: readonly string[]): Promise<void> {
    await this.statements.run(NOTE_OFFERS, [name, directoryUrl, offers]);
  }

  /** For a CA that no longer knows `accountUrl`. The key stays and is registered again. */
  async forget(ca: AcmeCa, accountUrl: string): Promise<void> {
    const account = { ca: ca.name, accountUrl };
    await this.dataSource.manager.update(AcmeAccountEntity, account, { accountUrl: null });
  }
}
