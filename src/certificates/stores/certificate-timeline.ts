import type { EntityManager } from 'typeorm';
import type { AccountId } from '../../accounts/account.js';
import type { Actor } from '../../accounts/activity/activity.js';
import { writeActivity } from '../../accounts/activity/write-activity.js';
import type { DomainId } from '../../domains/domain.js';
import { DomainEventEntity } from '../../domains/domain-event.entity.js';
import { appendEvent } from '../../outbox/append-event.js';
import type { Hostname } from '../../shared/hostname.js';

/** One event of the name's timeline, on the certificate axis. */
export interface CertificateEvent {
  readonly type: string;
  readonly detail: Readonly<Record<string, unknown>>;
  /** The error behind it, for the log: it is not stored. */
  readonly err?: Error | undefined;
}

export interface TimelineEntry extends CertificateEvent {
  /** Null: a host of the region itself. */
  readonly domainId: DomainId | null;
  readonly hostname: Hostname;
  /** Who did it, for the account's activity; absent: the gateway, in its daily work. */
  readonly actor?: Actor | undefined;
}

// The row is written before the event, so the dates are those after it.
const STANDING = `
  select d.account_id as "accountId", d.extid, jsonb_build_object('id', d.extid, 'domain', d.hostname,
    'not_after', i.not_after, 'is_urgent', coalesce(i.urgent_at <= now(), false)) as subject
  from domains d left join issuances i on i.hostname = d.hostname where d.id = $1`;

/** Writes an event in the caller's transaction: in the timeline, and for those who listen. */
export async function note(manager: EntityManager, entry: TimelineEntry): Promise<void> {
  const { domainId, hostname, type, detail, actor } = entry;
  const event = { domainId, hostname, axis: 'certificate', type, detail } as const;
  await manager.getRepository(DomainEventEntity).save(event);
  if (domainId === null) return;
  type Row = { readonly accountId: AccountId; readonly extid: string; readonly subject: object };
  const [row] = await manager.query<Row[]>(STANDING, [domainId]);
  if (row === undefined) return;
  const { accountId, extid, subject } = row;
  await appendEvent(manager, {
    accountId,
    type: `certificate.${type}`,
    subject: { ...detail, ...subject },
  });
  if (actor === undefined) return;
  const named = { ...detail, id: extid, domain: hostname };
  await writeActivity(manager, accountId, actor, { action: `certificate.${type}`, subject: named });
}
