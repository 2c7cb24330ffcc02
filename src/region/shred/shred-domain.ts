import type { DataSource } from 'typeorm';
import type { DomainAdministrationService } from '../../certificates/domain-administration.service.js';
import { CertificateRemovalStore } from '../../certificates/stores/certificate-removal.store.js';
import { parseHostname, type Hostname } from '../../shared/hostname.js';
import { withBackupConnection } from '../backup/backup-connection.js';

/** A claim whose name is shredded. */
export interface ShreddedClaim {
  readonly extid: string;
  readonly hostname: Hostname;
  /** An interrupted shred has released it, or its account. */
  readonly isRemoved: boolean;
  /** Whether its account holds the name, or held it last: only then are the secrets of the name those of the account. */
  readonly isHolder: boolean;
}

export interface DomainShredding {
  readonly url: string;
  readonly database: DataSource;
  readonly domains: DomainAdministrationService;
}

// A claim that once was proven keeps when it was lost.
const CLAIM = `
  select extid, hostname, removed_at is not null as "isRemoved", account_id is not distinct from (
    select account_id from domains as holder
    where holder.hostname = claim.hostname
      and (holder.ownership in ('verified', 'lapsed') or holder.lost_at is not null)
    order by holder.ownership in ('verified', 'lapsed') and holder.removed_at is null desc,
      holder.lost_at desc nulls last
    limit 1
  ) as "isHolder"
  from domains as claim`;

// Every day that may have rows, also one that is over: while no gateway runs, nothing deletes what has expired.
const DAYS = `
  select to_date(right(relname, 8), 'YYYYMMDD')::text as day
  from pg_inherits join pg_class on pg_class.oid = inhrelid
  where inhparent in ('secrets'::regclass, 'receipts'::regclass) and relname ~ '_[0-9]{8}$'
  union select expires_on::text from secrets_default
  union select expires_on::text from receipts_default
  order by day`;

// A partition at a time. The receipts of secrets that nobody opened say that they were burned.
const BURN = `
  with gone as (
    delete from secrets where expires_on = $1 and domain = $2
    returning receipt_lookup, receipt_expires_on
  )
  update receipts r set state = 'burned', burned_at = now(), updated_at = now(), sealed_secret_key = null
  from gone where r.lookup = gone.receipt_lookup and r.expires_on = gone.receipt_expires_on
    and r.state in ('new', 'viewed')`;
const ERASE = `
  update receipts set sealed_secret_key = null, sealed_metadata_key = null, sealed_memo = null,
    sealed_short_id = null
  where expires_on = $1 and domain = $2`;

export function claimsOfAccount(database: DataSource, accountId: string): Promise<ShreddedClaim[]> {
  // The second name of a pair before its main one, whose release takes it along.
  return database.query<ShreddedClaim[]>(
    `${CLAIM} where account_id = $1 order by main_id nulls last, id`,
    [accountId],
  );
}

/**
 * @param name the id of a claim, or a host name: it means the claim that holds it or held it last, removed or not, or else
 * what DomainAdministrationService finds
 */
export async function claimOfName(
  { database, domains }: Omit<DomainShredding, 'url'>,
  name: string,
): Promise<ShreddedClaim> {
  const [found] = await database.query<ShreddedClaim[]>(
    `${CLAIM} where extid = $1 or hostname = $2
     order by "isHolder" desc, removed_at desc nulls first limit 1`,
    [name, parseHostname(name)],
  );
  if (found !== undefined && (found.extid === name || found.isHolder)) return found;
  const { domain } = await domains.show(name);
  const [claim] = await database.query<[ShreddedClaim]>(`${CLAIM} where extid = $1`, [
    domain.extid,
  ]);
  return claim;
}

/**
 * Destroys what is sealed for a name: keys of its certificates, unread secrets whose links have it, and what their receipts
 * sealed; of a claim that does not hold its name, only its images. With the main name of a pair goes the second one. The claim is released, so the name stops serving at once
 * in all processes. Of a removed claim the rest is done, so that an interrupted call can be repeated.
 */
export async function shredDomain(
  shredding: DomainShredding,
  { extid, hostname, isRemoved, isHolder }: ShreddedClaim,
): Promise<void> {
  const { url, database, domains } = shredding;
  for (const second of await secondNamesOf(database, extid)) await shredDomain(shredding, second);
  if (!isRemoved) await domains.release(extid);
  else if (isHolder)
    await new CertificateRemovalStore(database).remove(hostname, { revoke: false });
  await withBackupConnection(url, async (client) => {
    await client.query(
      'delete from domain_images where domain_id in (select id from domains where extid = $1)',
      [extid],
    );
    if (!isHolder) return;
    const { rows } = await client.query<{ day: string }>(DAYS);
    for (const statement of [BURN, ERASE])
      for (const { day } of rows) await client.query(statement, [day, hostname]);
  });
}

/** Of the pair whose main name this is. */
function secondNamesOf(database: DataSource, extid: string): Promise<ShreddedClaim[]> {
  return database.query<ShreddedClaim[]>(
    `${CLAIM} where removed_at is null and main_id = (select id from domains where extid = $1)`,
    [extid],
  );
}
