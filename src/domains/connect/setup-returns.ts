import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { GATEWAY } from '../../accounts/activity/activity.js';
import { CellConfig } from '../../config/cell-config.js';
import { Clock } from '../../shared/clock.js';
import { writeEvents } from '../claims/domain-timeline.js';
import { DomainEntity } from '../domain.entity.js';
import type { Domain } from '../domain.js';
import type { SetupOutcome } from '../domain-setup.js';
import { isTicketOf, parseReturnTicket } from './return-ticket.js';

// At most every 30 seconds, whoever has the address: the claim is then checked as often as a new one. Who cancels and
// then consents comes back twice in less time, and the second outcome is the one that counts.
const NOTE = `
  update domains set setup_outcome = $2, setup_returned_at = now(),
    next_check_at = now(), check_attempts = 0
  where id = $1 and removed_at is null and ownership <> 'revoked'
    and (setup_returned_at is null or setup_returned_at < now() - interval '30 seconds'
      or (setup_outcome is distinct from $2 and setup_returned_at < now() - interval '2 seconds'))
  returning id`;

/** The other name of the pair, whose record the same link may have made. */
const CHECK_OTHER = `
  update domains set next_check_at = now(), check_attempts = 0
  where removed_at is null and ownership <> 'revoked' and id in (
    select main_id from domains where id = $1
    union all
    select id from domains where main_id = $1
  )`;

/** How browsers come back from DNS providers. It changes nothing but when we look next: the DNS decides. */
@Injectable()
export class SetupReturns {
  constructor(
    private readonly dataSource: DataSource,
    private readonly config: CellConfig,
    private readonly clock: Clock,
  ) {}

  /** The claim that the ticket is for; null: it is none of ours, it is old, or the claim has ended. */
  async find(text: string): Promise<Domain | null> {
    const ticket = parseReturnTicket(text);
    if (ticket === null) return null;
    const { rootKeys, region } = this.config;
    const domain = await this.dataSource
      .getRepository(DomainEntity)
      .createQueryBuilder('domain')
      .where('domain.extid = :extid and domain.removed_at is null', { extid: ticket.extid })
      .andWhere(`domain.ownership <> 'revoked'`)
      .getOne();
    if (domain === null) return null;
    return isTicketOf(ticket, rootKeys, region, domain, this.clock.now()) ? domain : null;
  }

  /** Makes the claim's check due now, unless that was done lately. */
  async note(domain: Domain, outcome: SetupOutcome): Promise<void> {
    const isNoted = await this.dataSource.transaction(async (manager) => {
      const [noted] = await manager.query<[unknown[], number]>(NOTE, [domain.id, outcome]);
      if (noted.length === 0 || domain.setupOutcome === outcome) return noted.length > 0;
      const event = { axis: 'routing', type: 'setup_returned', detail: { outcome } } as const;
      await writeEvents(manager, domain, [event], GATEWAY);
      return true;
    });
    // By itself: whoever holds a claim and waits for the other one takes them in the order of the names.
    if (isNoted) await this.dataSource.query(CHECK_OTHER, [domain.id]);
  }
}
