import type { MigrationInterface, QueryRunner } from 'typeorm';

// Names here are names: no foreign key leads to domains, whose rows come and go with claims, while a name's
// certificates and what a CA counts against it stay. Private keys are sealed before they get here.
export class CreateCertificates1795430000003 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await createCertificates(queryRunner);
    await createIssuances(queryRunner);
    await createAcmeTables(queryRunner);
    await createCaTables(queryRunner);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table ca_ledger');
    await queryRunner.query('drop table ca_holds');
    await queryRunner.query('drop table acme_challenges');
    await queryRunner.query('drop table acme_accounts');
    await queryRunner.query('drop table issuances');
    await queryRunner.query('drop table certificates');
  }
}

/** A version is never changed; it is superseded, and its key destroyed. */
async function createCertificates(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    create table certificates (
      id uuid not null default gen_random_uuid(),
      hostname text not null,
      version integer not null,
      source text not null,
      ca text,
      profile text,
      chain_pem text not null,
      sealed_private_key bytea,
      key_version smallint not null,
      serial text not null,
      not_before timestamptz not null,
      not_after timestamptz not null,
      promoted_at timestamptz not null default now(),
      superseded_at timestamptz,
      destroyed_at timestamptz,
      revoke_at timestamptz,
      revoked_at timestamptz,
      constraint certificates_pkey primary key (id),
      constraint certificates_hostname_version_key unique (hostname, version),
      constraint certificates_source_check check (source in ('acme', 'local', 'uploaded')),
      constraint certificates_key_check check (sealed_private_key is not null or destroyed_at is not null)
    )
  `);
  await queryRunner.query(`
    create unique index certificates_hostname_current_key on certificates (hostname)
    where superseded_at is null
  `);
  await queryRunner.query(`
    create index certificates_revoke_at_idx on certificates (revoke_at) where revoke_at is not null
  `);
}

/** One row for each name that has, or is to have, a certificate: the job itself, and the order it is in. */
async function createIssuances(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    create table issuances (
      hostname text not null,
      domain_id uuid,
      registrable_domain text not null,
      state text not null default 'none',
      source text not null default 'acme',
      lease_owner text,
      fence bigint not null default 0,
      leased_until timestamptz,
      ca text,
      order_url text,
      sealed_key bytea,
      key_version smallint,
      order_failures integer not null default 0,
      attempts integer not null default 0,
      next_at timestamptz,
      held_by text not null default 'none',
      problem jsonb,
      not_after timestamptz,
      urgent_at timestamptz,
      renew_at timestamptz,
      ari_start timestamptz,
      ari_end timestamptz,
      ari_explanation text,
      ari_poll_at timestamptz,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      constraint issuances_pkey primary key (hostname),
      constraint issuances_state_check check (state in ('none', 'blocked', 'queued', 'validating',
        'issuing', 'active', 'renewing', 'degraded', 'expired', 'revoked')),
      constraint issuances_source_check check (source in ('acme', 'local', 'uploaded')),
      constraint issuances_held_by_check check (held_by in ('none', 'rate_limit', 'backoff', 'ca_down'))
    )
  `);
  await queryRunner.query(`
    create index issuances_next_at_idx on issuances (next_at) where next_at is not null
  `);
}

async function createAcmeTables(queryRunner: QueryRunner): Promise<void> {
  // The key is there before the account: whoever asks the CA first, and however often, it is one account.
  await queryRunner.query(`
    create table acme_accounts (
      ca text not null,
      directory_url text not null,
      account_url text,
      sealed_key bytea not null,
      key_version smallint not null,
      lease_owner text,
      fence bigint not null default 0,
      leased_until timestamptz,
      created_at timestamptz not null default now(),
      constraint acme_accounts_pkey primary key (ca)
    )
  `);
  await queryRunner.query(`
    create table acme_challenges (
      token text not null,
      hostname text not null,
      type text not null,
      key_authorization text not null,
      expires_at timestamptz not null,
      constraint acme_challenges_pkey primary key (token),
      constraint acme_challenges_type_check check (type in ('http-01', 'tls-alpn-01'))
    )
  `);
  await queryRunner.query(
    'create index acme_challenges_hostname_idx on acme_challenges (hostname)',
  );
}

async function createCaTables(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    create table ca_holds (
      ca text not null,
      scope text not null,
      until timestamptz not null,
      reason text not null,
      failures integer not null default 0,
      constraint ca_holds_pkey primary key (ca, scope),
      constraint ca_holds_reason_check check (reason in ('rate_limit', 'ca_down'))
    )
  `);
  await queryRunner.query(`
    create table ca_ledger (
      id bigint generated always as identity,
      ca text not null,
      kind text not null,
      hostname text not null,
      registrable_domain text not null,
      is_renewal boolean not null,
      order_url text,
      at timestamptz not null default now(),
      constraint ca_ledger_pkey primary key (id),
      constraint ca_ledger_kind_check
        check (kind in ('order', 'certificate', 'failed_authorization'))
    )
  `);
  await queryRunner.query('create index ca_ledger_ca_kind_at_idx on ca_ledger (ca, kind, at)');
  await queryRunner.query(
    'create index ca_ledger_hostname_kind_at_idx on ca_ledger (hostname, kind, at)',
  );
  // An order makes one certificate, however often its end is seen.
  await queryRunner.query(`
    create unique index ca_ledger_order_certificate_key on ca_ledger (ca, order_url)
    where kind = 'certificate'
  `);
}
