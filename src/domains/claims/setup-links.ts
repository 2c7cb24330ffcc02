import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { AccountId } from '../../accounts/account.js';
import type { Actor } from '../../accounts/activity/activity.js';
import { writeActivity } from '../../accounts/activity/write-activity.js';
import type { AccountPlan } from '../../accounts/plans.js';
import { AppError } from '../../shared/app-error.js';
import type { Hostname } from '../../shared/hostname.js';
import type { DomainId } from '../domain.js';
import { DomainEntity } from '../domain.entity.js';
import {
  isSetupToken,
  newSetupToken,
  SETUP_LINK_DAYS,
  SETUP_LINKS_MAX,
  type OpenedLink,
  type SetupLink,
  type SetupLinkId,
} from '../setup-link.js';

interface Claim {
  readonly id: DomainId;
  readonly hostname: Hostname;
  readonly ownership: string;
}

const COLUMNS = 'link.id, link.created_at as "createdAt", link.expires_at as "expiresAt"';

// A link ends with its claim: removed, revoked, taken over or transferred. A claim that is made anew has another label.
const LIVE = `
  link.expires_at > now() and domain.removed_at is null and domain.ownership <> 'revoked'
  and domain.account_id = link.account_id and domain.target_label = link.target_label`;

const OPEN = `
  select link.id as "linkId", link.expires_at as "expiresAt", domain.id as "domainId", account.plan as "ownerPlan"
  from setup_links link
  join domains domain on domain.id = link.domain_id
  join accounts account on account.id = domain.account_id
  where link.token_hash = $1 and account.state = 'active' and ${LIVE}`;

const LIVE_AMONG = `
  select link.id from setup_links link
  join domains domain on domain.id = link.domain_id
  join accounts account on account.id = domain.account_id
  where link.id = any($1::uuid[]) and account.state = 'active' and ${LIVE}`;

const LIST = `
  select ${COLUMNS} from setup_links link join domains domain on domain.id = link.domain_id
  where domain.account_id = $1 and domain.extid = $2 and ${LIVE} order by link.created_at desc`;

const COUNT = `
  select count(*)::int as count from setup_links link join domains domain on domain.id = link.domain_id
  where link.domain_id = $1 and ${LIVE}`;

const INSERT = `
  insert into setup_links as link (domain_id, account_id, target_label, token_hash, expires_at)
  select id, account_id, target_label, $2, now() + make_interval(days => ${SETUP_LINK_DAYS})
  from domains where id = $1
  returning ${COLUMNS}`;

const DELETE = `
  delete from setup_links where domain_id = $1 and ($2::uuid is null or id = $2) returning id`;

/**
 * The links by which an owner lets somebody without an account see and check the set-up of one claim. Only a hash of the
 * token is stored. Throws AppError `not_found` for an unknown claim and for that of another account.
 */
@Injectable()
export class SetupLinks {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * The token is not shown again. Throws AppError `invalid_request`, reason `CLAIM_ENDED` or `SETUP_LINK_LIMIT`.
   */
  create(
    accountId: AccountId,
    extid: string,
    actor: Actor,
  ): Promise<{ readonly link: SetupLink; readonly token: string }> {
    return this.dataSource.transaction(async (manager) => {
      const claim = await lockClaim(manager, accountId, extid);
      if (claim.ownership === 'revoked') throw claimEnded();
      const [{ count }] = await manager.query<[{ count: number }]>(COUNT, [claim.id]);
      if (count >= SETUP_LINKS_MAX) throw tooMany();
      const token = newSetupToken();
      const [link] = await manager.query<[SetupLink]>(INSERT, [claim.id, hashOf(token)]);
      await note(manager, accountId, actor, { claim, action: 'setup_link.created', id: link.id });
      return { link, token };
    });
  }

  /** Those that still open, the newest first. */
  async list(accountId: AccountId, extid: string): Promise<readonly SetupLink[]> {
    const links = await this.dataSource.query<SetupLink[]>(LIST, [accountId, extid]);
    if (links.length === 0) await requireClaim(this.dataSource.manager, accountId, extid);
    return links;
  }

  /**
   * From now on the link opens nothing, and whoever watches by it sees nothing more. Returns how many were revoked.
   * @param linkId null: every link of the claim
   */
  revoke(
    accountId: AccountId,
    extid: string,
    linkId: SetupLinkId | null,
    actor: Actor,
  ): Promise<number> {
    return this.dataSource.transaction(async (manager) => {
      const claim = await lockClaim(manager, accountId, extid);
      const [gone] = await manager.query<[{ id: SetupLinkId }[], number]>(DELETE, [
        claim.id,
        linkId,
      ]);
      if (linkId !== null && gone.length === 0) throw new AppError('not_found', 'Link not found');
      for (const { id } of gone)
        await note(manager, accountId, actor, { claim, action: 'setup_link.revoked', id });
      await manager.query("select pg_notify('domain_progress', $1)", [claim.hostname]);
      return gone.length;
    });
  }

  /** Those of the links that still open, for whoever was let in by one and stays for a while. */
  async liveAmong(ids: readonly SetupLinkId[]): Promise<readonly SetupLinkId[]> {
    const rows = await this.dataSource.query<{ id: SetupLinkId }[]>(LIVE_AMONG, [[...ids]]);
    return rows.map(({ id }) => id);
  }

  /** Null: there is no such link, or it has ended. */
  async open(text: string): Promise<OpenedLink | null> {
    const token = text.toLowerCase();
    if (!isSetupToken(token)) return null;
    const [found] = await this.dataSource.query<Found[]>(OPEN, [hashOf(token)]);
    if (found === undefined) return null;
    const { domainId, ...link } = found;
    const domain = await this.dataSource.getRepository(DomainEntity).findOneBy({ id: domainId });
    return domain === null ? null : { ...link, domain };
  }
}

interface Found extends Omit<OpenedLink, 'domain'> {
  readonly domainId: DomainId;
  readonly ownerPlan: AccountPlan;
}

const FIND_CLAIM = `
  select id, hostname, ownership from domains
  where account_id = $1 and extid = $2 and removed_at is null`;

/** The row lock lets one of several at once count the links. */
function lockClaim(manager: EntityManager, accountId: AccountId, extid: string): Promise<Claim> {
  return requireClaim(manager, accountId, extid, `${FIND_CLAIM} for no key update`);
}

async function requireClaim(
  manager: EntityManager,
  accountId: AccountId,
  extid: string,
  text = FIND_CLAIM,
): Promise<Claim> {
  const [claim] = await manager.query<Claim[]>(text, [accountId, extid]);
  if (claim === undefined) throw new AppError('not_found', 'Domain not found');
  return claim;
}

async function note(
  manager: EntityManager,
  accountId: AccountId,
  actor: Actor,
  { claim, action, id }: NotedChange,
): Promise<void> {
  const subject = { domain: claim.hostname, link: id };
  await writeActivity(manager, accountId, actor, { action, subject });
}

interface NotedChange {
  readonly claim: Claim;
  readonly action: 'setup_link.created' | 'setup_link.revoked';
  readonly id: SetupLinkId;
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

function claimEnded(): AppError {
  return new AppError('invalid_request', 'The claim has ended: claim the name again first.', {
    reason: 'CLAIM_ENDED',
  });
}

function tooMany(): AppError {
  return new AppError(
    'invalid_request',
    `A domain has ${SETUP_LINKS_MAX} links at most. Revoke one first.`,
    { reason: 'SETUP_LINK_LIMIT' },
  );
}
