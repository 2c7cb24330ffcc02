import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateOutboxAndMails1795430000015 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await createOutbox(queryRunner);
    await createMails(queryRunner);
    // What the sender asked for, and whether the recipient's mail was queued with the secret.
    await queryRunner.query(`
      alter table receipts
        add column notifies_opened boolean not null default false,
        add column is_recipient_told boolean not null default false`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'alter table receipts drop column notifies_opened, drop column is_recipient_told',
    );
    await queryRunner.query('drop table standing_notices');
    await queryRunner.query('drop table mails');
    await queryRunner.query('drop table outbox_readers');
    await queryRunner.query('drop table outbox_listeners');
    await queryRunner.query('drop table outbox');
    await queryRunner.query('drop sequence outbox_positions');
  }
}

async function createOutbox(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query('create sequence outbox_positions');
  // `position` is given when the event is visible to all: ids become visible out of their order.
  await queryRunner.query(`
    create table outbox (
      id bigint generated always as identity,
      position bigint,
      account_id uuid not null,
      type text not null,
      subject jsonb not null,
      at timestamptz not null default now(),
      constraint outbox_pkey primary key (id)
    )`);
  await queryRunner.query(
    'create unique index outbox_position_key on outbox (position) where position is not null',
  );
  await queryRunner.query('create index outbox_new_idx on outbox (id) where position is null');
  // Who wants which events; without an account: those of every account.
  await queryRunner.query(`
    create table outbox_listeners (
      reader text not null,
      account_id uuid,
      types text[] not null,
      constraint outbox_listeners_key unique nulls not distinct (reader, account_id)
    )`);
  await queryRunner.query(
    'create index outbox_listeners_account_id_idx on outbox_listeners (account_id)',
  );
  await queryRunner.query(`
    create table outbox_readers (
      reader text not null,
      position bigint not null,
      constraint outbox_readers_pkey primary key (reader)
    )`);
}

async function createMails(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    create table mails (
      id uuid not null,
      kind text not null,
      account_id uuid,
      unique_key text,
      key_version smallint not null,
      sealed bytea,
      state text not null default 'queued',
      attempts integer not null default 0,
      problem text,
      next_at timestamptz default now(),
      give_up_at timestamptz not null,
      begun_at timestamptz,
      lease_owner text,
      fence bigint not null default 0,
      leased_until timestamptz,
      created_at timestamptz not null default now(),
      ended_at timestamptz,
      constraint mails_pkey primary key (id),
      constraint mails_unique_key_key unique (unique_key),
      constraint mails_state_check check (state in ('queued', 'sent', 'failed', 'unconfirmed')),
      constraint mails_erased_check check ((state = 'queued') = (sealed is not null)),
      constraint mails_account_id_fkey foreign key (account_id) references accounts (id) on delete cascade
    )`);
  await queryRunner.query(
    'create index mails_next_at_idx on mails (next_at) where next_at is not null',
  );
  await queryRunner.query(
    'create index mails_ended_at_idx on mails (ended_at) where ended_at is not null',
  );
  await queryRunner.query('create index mails_account_id_idx on mails (account_id)');
  // What an owner was told of and that has not ended: it is told once.
  await queryRunner.query(`
    create table standing_notices (
      key text not null,
      since timestamptz not null default now(),
      constraint standing_notices_pkey primary key (key)
    )`);
  await queryRunner.query('create index standing_notices_since_idx on standing_notices (since)');
}
