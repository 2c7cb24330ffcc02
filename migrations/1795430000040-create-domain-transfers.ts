import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateDomainTransfers1795430000040 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // `account_id` is whose the claim was when it was offered: an offer ends with its claim and with another owner.
    await queryRunner.query(`
      create table domain_transfers (
        id uuid not null default gen_random_uuid(),
        domain_id uuid not null,
        account_id uuid not null,
        code_hash bytea not null,
        state text not null default 'offered',
        receiver_id uuid,
        created_at timestamptz not null default now(),
        expires_at timestamptz not null,
        constraint domain_transfers_pkey primary key (id),
        constraint domain_transfers_code_hash_key unique (code_hash),
        constraint domain_transfers_state_check
          check (state in ('offered', 'completed', 'cancelled')),
        constraint domain_transfers_domain_id_fkey
          foreign key (domain_id) references domains (id) on delete cascade
      )
    `);
    await queryRunner.query(
      'create index domain_transfers_domain_id_idx on domain_transfers (domain_id)',
    );
    await queryRunner.query(
      'create index domain_transfers_account_id_idx on domain_transfers (account_id)',
    );
    await queryRunner.query(
      'create index domain_transfers_expires_at_idx on domain_transfers (expires_at)',
    );
    await queryRunner.query(`
      create unique index domain_transfers_open_key on domain_transfers (domain_id) where state = 'offered'`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table domain_transfers');
  }
}
