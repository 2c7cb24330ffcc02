import type { MigrationInterface, QueryRunner } from 'typeorm';

// What a process repeats reads changes and pages, never a whole table: a queue of changed accounts, the announcements as
// a queue, and an index for each recurring statement.
export class IndexRecurringWork1795430000008 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queueAccounts(queryRunner);
    await queueNames(queryRunner);
    await orderIssuances(queryRunner);
    await indexLedger(queryRunner);
    await indexOldRows(queryRunner);
    // A check of a claim that is being set up does not wait behind the regular checks.
    await queryRunner.query(`
      create index domains_setup_check_at_idx on domains (next_check_at)
      where removed_at is null and check_attempts < 20
    `);
    await queryRunner.query('create index issuances_state_idx on issuances (state, hostname)');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const index of [
      'issuances_state_idx',
      'domains_setup_check_at_idx',
      'domains_removed_at_idx',
      'domains_ended_at_idx',
      'certificates_superseded_idx',
      'issuances_removed_idx',
      'acme_challenges_expires_at_idx',
      'ca_holds_until_idx',
      'domain_changes_reviewed_idx',
      'ca_ledger_first_at_idx',
      'ca_ledger_domain_first_at_idx',
    ])
      await queryRunner.query(`drop index ${index}`);
    await queryRunner.query('create index ca_ledger_ca_kind_at_idx on ca_ledger (ca, kind, at)');
    await queryRunner.query('drop index issuances_next_at_idx');
    // Its indexes go with the column.
    await queryRunner.query('alter table issuances drop column is_urgent');
    await queryRunner.query(
      'create index issuances_next_at_idx on issuances (next_at) where next_at is not null',
    );
    await queryRunner.query('alter table domain_changes drop column review_at');
    await queryRunner.query(announceAccount(''));
    await queryRunner.query('drop table account_changes');
  }
}

function announceAccount(alsoDo: string): string {
  return `
    create or replace function announce_account() returns trigger language plpgsql as $$
    begin
      insert into domain_changes (hostname)
      select hostname from domains where account_id = old.id and removed_at is null;
      ${alsoDo}
      return null;
    end $$
  `;
}

/** The accounts whose plan changed or that were removed; a job applies it to their domains and deletes the row. */
async function queueAccounts(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    create table account_changes (
      account_id uuid not null,
      due_at timestamptz not null default clock_timestamp(),
      constraint account_changes_pkey primary key (account_id)
    )
  `);
  await queryRunner.query('create index account_changes_due_at_idx on account_changes (due_at)');
  await queryRunner.query(
    announceAccount(`
      insert into account_changes (account_id)
      select old.id where exists (select from domains where account_id = old.id and removed_at is null)
      on conflict (account_id) do update set due_at = excluded.due_at;`),
  );
}

/** An announcement is due for review by the certificates room until that has compared domain and issuance. */
async function queueNames(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(
    'alter table domain_changes add column review_at timestamptz default clock_timestamp()',
  );
  await queryRunner.query(`
    create index domain_changes_review_at_idx on domain_changes (review_at)
    where review_at is not null
  `);
}

/** Two queues in the order of their time: first issuances and urgent renewals, then the other renewals. */
async function orderIssuances(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(
    'alter table issuances add column is_urgent boolean not null default true',
  );
  await queryRunner.query('update issuances set is_urgent = false where urgent_at > now()');
  await queryRunner.query('drop index issuances_next_at_idx');
  await queryRunner.query(`
    create index issuances_urgent_next_at_idx on issuances (next_at)
    where is_urgent and next_at is not null
  `);
  await queryRunner.query(`
    create index issuances_next_at_idx on issuances (next_at)
    where not is_urgent and next_at is not null
  `);
  await queryRunner.query(
    'create index issuances_urgent_at_idx on issuances (urgent_at) where not is_urgent',
  );
}

async function indexLedger(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query('drop index ca_ledger_ca_kind_at_idx');
  await queryRunner.query(`
    create index ca_ledger_first_at_idx on ca_ledger (ca, kind, at) where not is_renewal
  `);
  await queryRunner.query(`
    create index ca_ledger_domain_first_at_idx on ca_ledger (ca, registrable_domain, kind, at)
    where not is_renewal
  `);
}

/** One for each table from which old rows are deleted. Entries of timeline and ledger are in the order of their id. */
async function indexOldRows(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    create index domain_changes_reviewed_idx on domain_changes (changed_at) where review_at is null
  `);
  await queryRunner.query(`
    create index domains_removed_at_idx on domains (removed_at) where removed_at is not null
  `);
  await queryRunner.query(`
    create index domains_ended_at_idx on domains (updated_at)
    where ownership = 'revoked' and removed_at is null
  `);
  await queryRunner.query(`
    create index certificates_superseded_idx on certificates (not_after)
    where superseded_at is not null
  `);
  await queryRunner.query(`
    create index issuances_removed_idx on issuances (updated_at) where state in ('none', 'revoked')
  `);
  await queryRunner.query(
    'create index acme_challenges_expires_at_idx on acme_challenges (expires_at)',
  );
  await queryRunner.query('create index ca_holds_until_idx on ca_holds (until)');
}
