import type { DomainAdministrationService } from '../../certificates/domain-administration.service.js';
import type { Domain } from '../../domains/domain.js';
import { withBackupConnection } from '../backup/backup-connection.js';

/** More than the longest life of a receipt. */
const DAYS_AHEAD = 70;

const DAYS = `
  select day::date::text as day
  from generate_series(current_date - 2, current_date + $1::int, interval '1 day') as day`;

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

/**
 * Destroys what is sealed for a name: keys of its certificates, unread secrets whose links have it, and what their receipts
 * sealed. The claim is released, so the name stops serving at once in all processes.
 */
export async function shredDomain(
  url: string,
  domains: DomainAdministrationService,
  { extid, hostname }: Pick<Domain, 'extid' | 'hostname'>,
): Promise<void> {
  await domains.release(extid);
  await withBackupConnection(url, async (client) => {
    await client.query(
      'delete from domain_images where domain_id in (select id from domains where extid = $1)',
      [extid],
    );
    const { rows } = await client.query<{ day: string }>(DAYS, [DAYS_AHEAD]);
    for (const statement of [BURN, ERASE])
      for (const { day } of rows) await client.query(statement, [day, hostname]);
  });
}
