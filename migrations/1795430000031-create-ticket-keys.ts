import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A few rows: the secrets of TLS session tickets, one for each six hours since 1970. */
export class CreateTicketKeys1795430000031 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table ticket_keys (
        period integer not null,
        key_version integer not null,
        sealed_secret bytea not null,
        created_at timestamptz not null default now(),
        constraint ticket_keys_pkey primary key (period, key_version)
      )
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table ticket_keys');
  }
}
