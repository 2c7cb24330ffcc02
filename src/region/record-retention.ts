/** How long the rows of a table are kept; docs/operations.md has the same table. */
export interface Retention {
  readonly table: string;
  /** In words, for the documentation. */
  readonly rows: string;
  readonly keptFor: string;
  /** Selects the ctid of old rows in the order of an index; `limit` follows. */
  readonly old: string;
  /** No row is ever updated, so none has to be locked and looked at again. */
  readonly isAppendOnly?: boolean;
}

// Rows of secrets and receipts are deleted by the jobs of their own room, with their partitions.
export const RETENTIONS: readonly Retention[] = [
  {
    table: 'domain_changes',
    rows: 'announcements, once reviewed',
    keptFor: '1 hour',
    old: `select ctid from domain_changes
      where review_at is null and changed_at < now() - interval '1 hour' order by changed_at`,
  },
  {
    table: 'domains',
    rows: 'removed domains that are not blocked, from the removal on',
    keptFor: '90 days',
    old: `select ctid from domains
      where removed_at < now() - interval '90 days' and blocked_at is null order by removed_at`,
  },
  {
    table: 'domains',
    rows: 'claims that ended without removal, from their last change on',
    keptFor: '90 days',
    old: `select ctid from domains
      where ownership = 'revoked' and removed_at is null and updated_at < now() - interval '90 days'
        and blocked_at is null
      order by updated_at`,
  },
  {
    table: 'domain_events',
    rows: 'timelines',
    keptFor: '365 days',
    // In the order of the id, which is that of the time.
    old: `select ctid from (select ctid, id, at from domain_events order by id limit 500) as oldest
      where at < now() - interval '365 days' order by id`,
    isAppendOnly: true,
  },
  {
    table: 'setup_links',
    rows: "links to a domain's set-up, from their end on",
    keptFor: '1 day',
    old: `select ctid from setup_links
      where expires_at < now() - interval '1 day' order by expires_at`,
  },
  {
    table: 'domain_moves',
    rows: 'moves of names between regions, from their end on',
    keptFor: '90 days',
    old: `select ctid from domain_moves
      where expires_at < now() - interval '90 days' order by expires_at`,
  },
  {
    table: 'domain_transfers',
    rows: 'offers of domains to other accounts, from the end of their code on',
    keptFor: '30 days',
    old: `select ctid from domain_transfers
      where expires_at < now() - interval '30 days' order by expires_at`,
  },
  {
    table: 'account_activity',
    rows: 'what was done to accounts, by whom',
    keptFor: '90 days',
    // In the order of the id, which is that of the time.
    old: `select ctid from (select ctid, id, at from account_activity order by id limit 500) as oldest
      where at < now() - interval '90 days' order by id`,
    isAppendOnly: true,
  },
  {
    table: 'api_tokens',
    rows: 'expired tokens, from their expiry on',
    keptFor: '30 days',
    old: `select ctid from api_tokens
      where expires_at < now() - interval '30 days' order by expires_at`,
  },
  {
    table: 'email_changes',
    rows: 'changes of address that were not confirmed, from their end on',
    keptFor: '1 day',
    old: `select ctid from email_changes
      where expires_at < now() - interval '1 day' order by expires_at`,
  },
  {
    table: 'sessions',
    rows: 'signed-in browsers, from the end of the session on',
    keptFor: '1 day',
    old: `select ctid from sessions
      where expires_at < now() - interval '1 day' order by expires_at`,
  },
  {
    table: 'pending_sign_ins',
    rows: 'sign-ins without their second factor, from their end on',
    keptFor: '1 hour',
    old: `select ctid from pending_sign_ins
      where expires_at < now() - interval '1 hour' order by expires_at`,
  },
  {
    table: 'passkey_challenges',
    rows: 'challenges for passkeys that were used, from their end on',
    keptFor: '1 hour',
    old: `select ctid from passkey_challenges
      where expires_at < now() - interval '1 hour' order by expires_at`,
  },
  {
    table: 'account_links',
    rows: 'mailed links that were not used, from their end on',
    keptFor: '1 day',
    old: `select ctid from account_links
      where expires_at < now() - interval '1 day' order by expires_at`,
  },
  {
    table: 'certificates',
    rows: 'superseded certificates, from their end on',
    keptFor: '30 days',
    old: `select ctid from certificates
      where superseded_at is not null and not_after < now() - interval '30 days' order by not_after`,
  },
  {
    table: 'issuances',
    rows: 'names whose certificate was removed or revoked, from then on',
    keptFor: '90 days',
    old: `select ctid from issuances
      where state in ('none', 'revoked') and updated_at < now() - interval '90 days'
      order by updated_at`,
  },
  {
    table: 'ca_ledger',
    rows: "what the CAs' limits count; the longest period is a week",
    keptFor: '8 days',
    old: `select ctid from (select ctid, id, at from ca_ledger order by id limit 500) as oldest
      where at < now() - interval '8 days' order by id`,
    isAppendOnly: true,
  },
  {
    table: 'ca_holds',
    rows: 'holds, from their end on',
    keptFor: '7 days',
    old: `select ctid from ca_holds where until < now() - interval '7 days' order by until`,
  },
  {
    table: 'ca_failures',
    rows: 'names that failed at a CA; those of the last ten minutes count together',
    keptFor: '1 hour',
    old: `select ctid from ca_failures where at < now() - interval '1 hour' order by at`,
  },
  {
    table: 'acme_challenges',
    rows: 'challenges, from their end on',
    keptFor: '1 hour',
    old: `select ctid from acme_challenges
      where expires_at < now() - interval '1 hour' order by expires_at`,
  },
  {
    table: 'acme_orders',
    rows: 'orders, for as long as a CA may hold their authorizations valid',
    keptFor: '31 days',
    old: `select ctid from acme_orders
      where created_at < now() - interval '31 days' order by created_at`,
  },
  {
    table: 'presses',
    rows: 'buttons pressed on pages; the outcome counts for ten seconds',
    keptFor: '60 seconds',
    old: `select ctid from presses where at < now() - interval '60 seconds' order by at`,
  },
  {
    table: 'admin_audit',
    rows: "uses of the operator's keys",
    keptFor: '365 days',
    // In the order of the id, which is that of the time.
    old: `select ctid from (select ctid, id, at from admin_audit order by id limit 500) as oldest
      where at < now() - interval '365 days' order by id`,
    // An entry changes once, when its operation ends: none of that age does.
    isAppendOnly: true,
  },
  {
    table: 'limit_lifts',
    rows: 'limits that the operator lifted; each process reads them within seconds',
    keptFor: '1 hour',
    old: `select ctid from limit_lifts where at < now() - interval '1 hour' order by at`,
  },
  {
    table: 'idempotency_keys',
    rows: 'answers by idempotency key',
    keptFor: '1 day',
    old: `select ctid from idempotency_keys
      where created_at < now() - interval '1 day' order by created_at`,
  },
  {
    table: 'outbox',
    rows: 'events, read or not',
    keptFor: '7 days',
    old: `select ctid from (select ctid, id, at from outbox order by id limit 500) as oldest
      where at < now() - interval '7 days' order by id`,
  },
  {
    table: 'mails',
    rows: 'mails that have ended, without what they said',
    keptFor: '30 days',
    old: `select ctid from mails where ended_at < now() - interval '30 days' order by ended_at`,
  },
  {
    table: 'standing_notices',
    rows: 'what an owner was told and did not end',
    keptFor: '400 days',
    old: `select ctid from standing_notices where since < now() - interval '400 days' order by since`,
  },
  {
    table: 'webhook_attempts',
    rows: 'what was sent to webhooks, and how it was answered',
    keptFor: '30 days',
    // In the order of the id, which is that of the time.
    old: `select ctid from (select ctid, id, at from webhook_attempts order by id limit 500) as oldest
      where at < now() - interval '30 days' order by id`,
    isAppendOnly: true,
  },
  {
    table: 'webhook_deliveries',
    rows: 'events for webhooks, sent or not',
    keptFor: '30 days',
    old: `select ctid from webhook_deliveries
      where created_at < now() - interval '30 days' order by created_at`,
  },
];
