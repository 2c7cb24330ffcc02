import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateWebhooks1795430000016 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await createWebhooks(queryRunner);
    await createDeliveries(queryRunner);
    // An account that is deleted takes its webhooks with it; the outbox does not know accounts.
    await queryRunner.query(`
      create function drop_webhook_listeners() returns trigger language plpgsql as $$
      begin
        delete from outbox_listeners where reader = 'webhooks' and account_id = old.account_id
          and not exists (select from webhooks where account_id = old.account_id);
        return null;
      end $$`);
    await queryRunner.query(`
      create trigger webhooks_drop_listeners after delete on webhooks
      for each row execute function drop_webhook_listeners()`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`delete from outbox_listeners where reader = 'webhooks'`);
    await queryRunner.query('drop table webhook_attempts');
    await queryRunner.query('drop table webhook_deliveries');
    await queryRunner.query('drop table webhooks');
    await queryRunner.query('drop function drop_webhook_listeners');
  }
}

async function createWebhooks(queryRunner: QueryRunner): Promise<void> {
  // `next_at` is null while nothing waits; during an attempt it is the end of the lease.
  await queryRunner.query(`
    create table webhooks (
      id uuid not null,
      account_id uuid not null,
      name text not null,
      url text not null,
      target text not null,
      events text[] not null,
      key_version smallint not null,
      sealed_secret bytea not null,
      previous_key_version smallint,
      previous_sealed_secret bytea,
      previous_until timestamptz,
      rotated_at timestamptz,
      is_enabled boolean not null default true,
      disabled_reason text,
      disabled_at timestamptz,
      failures integer not null default 0,
      failing_since timestamptz,
      rest_until timestamptz,
      succeeded_at timestamptz,
      next_at timestamptz,
      lease_owner text,
      fence bigint not null default 0,
      leased_until timestamptz,
      created_at timestamptz not null default now(),
      constraint webhooks_pkey primary key (id),
      constraint webhooks_disabled_check
        check (is_enabled = (disabled_reason is null) and is_enabled = (disabled_at is null)),
      constraint webhooks_disabled_reason_check
        check (disabled_reason in ('owner', 'failing', 'gone')),
      constraint webhooks_account_id_fkey foreign key (account_id) references accounts (id) on delete cascade
    )`);
  await queryRunner.query(
    'create unique index webhooks_name_key on webhooks (account_id, lower(name))',
  );
  await queryRunner.query(
    'create index webhooks_next_at_idx on webhooks (next_at) where next_at is not null and is_enabled',
  );
  await queryRunner.query(
    'create index webhooks_target_idx on webhooks (target) where leased_until is not null',
  );
}

async function createDeliveries(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    create table webhook_deliveries (
      id uuid not null,
      webhook_id uuid not null,
      event_id bigint,
      type text not null,
      payload text not null,
      is_test boolean not null default false,
      state text not null default 'waiting',
      attempts integer not null default 0,
      next_at timestamptz default now(),
      give_up_at timestamptz not null,
      created_at timestamptz not null default now(),
      ended_at timestamptz,
      constraint webhook_deliveries_pkey primary key (id),
      constraint webhook_deliveries_event_key unique (webhook_id, event_id),
      constraint webhook_deliveries_state_check check (state in ('waiting', 'delivered', 'failed')),
      constraint webhook_deliveries_waiting_check check ((state = 'waiting') = (next_at is not null)),
      constraint webhook_deliveries_webhook_id_fkey
        foreign key (webhook_id) references webhooks (id) on delete cascade
    )`);
  await queryRunner.query(`
    create index webhook_deliveries_next_at_idx on webhook_deliveries (webhook_id, next_at, event_id)
    where next_at is not null`);
  await queryRunner.query(
    'create index webhook_deliveries_created_at_idx on webhook_deliveries (created_at)',
  );
  await queryRunner.query(`
    create table webhook_attempts (
      id bigint generated always as identity,
      webhook_id uuid not null,
      delivery_id uuid not null,
      type text not null,
      attempt integer not null,
      status smallint,
      failure text,
      duration_ms integer not null,
      at timestamptz not null default now(),
      constraint webhook_attempts_pkey primary key (id),
      constraint webhook_attempts_webhook_id_fkey
        foreign key (webhook_id) references webhooks (id) on delete cascade
    )`);
  await queryRunner.query(
    'create index webhook_attempts_webhook_id_idx on webhook_attempts (webhook_id, id)',
  );
}
