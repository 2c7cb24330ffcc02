import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The CNAME record at a name's `_acme-challenge`, and dns-01. A release without it writes none of this. One that takes over
 * an order in progress drops dns-01, which it does not know, and tries another challenge: at most one validation fails.
 */
export class AddDelegation1795430000038 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table domains
        add column delegation text not null default 'unknown',
        add column delegation_since timestamptz not null default now(),
        add column delegated_at timestamptz,
        add constraint domains_delegation_check
          check (delegation in ('unknown', 'none', 'ready', 'elsewhere', 'blocked'))
    `);
    await queryRunner.query(`
      alter table acme_challenges
        drop constraint acme_challenges_type_check,
        add constraint acme_challenges_type_check
          check (type in ('http-01', 'tls-alpn-01', 'dns-01'))
    `);
    await queryRunner.query('alter table issuances add column challenge_type text');
    await createOrders(queryRunner);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table acme_orders');
    await queryRunner.query('alter table issuances drop column challenge_type');
    await queryRunner.query(`delete from acme_challenges where type = 'dns-01'`);
    await queryRunner.query(`
      alter table acme_challenges
        drop constraint acme_challenges_type_check,
        add constraint acme_challenges_type_check check (type in ('http-01', 'tls-alpn-01'))
    `);
    await queryRunner.query(`
      alter table domains
        drop column delegation,
        drop column delegation_since,
        drop column delegated_at
    `);
  }
}

/**
 * A CA may hold the authorizations of an order valid for 30 days, which is longer than it keeps the order: they are
 * deactivated, by their URLs, when the claim ends.
 */
async function createOrders(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    create table acme_orders (
      url text not null,
      ca text not null,
      hostname text not null,
      authorizations text[] not null default '{}',
      created_at timestamptz not null default now(),
      deactivate_at timestamptz,
      constraint acme_orders_pkey primary key (url)
    )
  `);
  await queryRunner.query('create index acme_orders_hostname_idx on acme_orders (hostname)');
  await queryRunner.query('create index acme_orders_created_at_idx on acme_orders (created_at)');
  await queryRunner.query(`
    create index acme_orders_deactivate_at_idx on acme_orders (deactivate_at)
    where deactivate_at is not null
  `);
}
