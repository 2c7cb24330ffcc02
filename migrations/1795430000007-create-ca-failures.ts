import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateCaFailures1795430000007 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // `placed_at`: a failure of an attempt that began earlier is the same failure. `is_stated`: the CA gave a
    // Retry-After, so a success does not end the hold.
    await queryRunner.query(`
      alter table ca_holds
        add column placed_at timestamptz not null default now(),
        add column is_stated boolean not null default false`);
    // Server errors by name since the CA's last success: a CA that fails for several names is down.
    await queryRunner.query(`
      create table ca_failures (
        ca text not null,
        hostname text not null,
        at timestamptz not null default now(),
        constraint ca_failures_pkey primary key (ca, hostname)
      )`);
    await queryRunner.query('create index ca_failures_at_idx on ca_failures (at)');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table ca_failures');
    await queryRunner.query('alter table ca_holds drop column placed_at, drop column is_stated');
  }
}
