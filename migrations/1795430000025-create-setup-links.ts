import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateSetupLinks1795430000025 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // `account_id` and `target_label` are those of the claim when the link was made: a claim that has ended, or has
    // another owner, has others.
    await queryRunner.query(`
      create table setup_links (
        id uuid not null default gen_random_uuid(),
        domain_id uuid not null,
        account_id uuid not null,
        target_label text not null,
        token_hash bytea not null,
        created_at timestamptz not null default now(),
        expires_at timestamptz not null,
        constraint setup_links_pkey primary key (id),
        constraint setup_links_token_hash_key unique (token_hash),
        constraint setup_links_domain_id_fkey
          foreign key (domain_id) references domains (id) on delete cascade
      )
    `);
    await queryRunner.query('create index setup_links_domain_id_idx on setup_links (domain_id)');
    await queryRunner.query('create index setup_links_expires_at_idx on setup_links (expires_at)');
    await announceProgress(queryRunner);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop trigger issuances_progress on issuances');
    await queryRunner.query('drop trigger issuances_begin on issuances');
    await queryRunner.query('drop trigger domains_progress on domains');
    await queryRunner.query('drop function notify_domain_progress()');
    await queryRunner.query('drop table setup_links');
  }
}

/**
 * Tells whoever watches a set-up that a check has ended, or that an issuance has moved. A row of `domain_changes` would
 * have the certificates looked through and the name looked up again each time.
 */
async function announceProgress(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    create function notify_domain_progress() returns trigger language plpgsql as $$
    begin
      perform pg_notify('domain_progress', new.hostname);
      return null;
    end $$`);
  await queryRunner.query(`
    create trigger domains_progress after update on domains for each row
    when (new.checked_at is distinct from old.checked_at or new.generation <> old.generation)
    execute function notify_domain_progress()`);
  await queryRunner.query(`
    create trigger issuances_begin after insert on issuances for each row
    execute function notify_domain_progress()`);
  await queryRunner.query(`
    create trigger issuances_progress after update on issuances for each row
    when ((new.state, new.source, new.held_by) is distinct from (old.state, old.source, old.held_by)
      or new.next_at is distinct from old.next_at or new.problem is distinct from old.problem
      or new.not_after is distinct from old.not_after)
    execute function notify_domain_progress()`);
}
