import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from 'pg';
import { KeyVault } from '../src/certificates/key-vault.js';
import { LocalAuthority } from '../src/certificates/issuers/local-authority.js';
import type { IssuedCertificate } from '../src/acme/issued-certificate.js';
import type { CellConfig } from '../src/config/cell-config.js';
import type { Region } from '../src/config/region.js';
import { parseRootKeys } from '../src/config/root-key.js';
import { newClaimLabels, newDomainExtid } from '../src/domains/claims/claim-labels.js';
import { SystemClock } from '../src/shared/clock.js';
import { requireHostname, type Hostname } from '../src/shared/hostname.js';
import { Registry } from 'prom-client';
import { UnopenedCiphertexts } from '../src/shared/unopened-ciphertexts.js';

const DOMAINS_PER_ACCOUNT = 100;
const BATCH = 500;
/** A name above these gets the certificate of another one: making a million of them takes an hour. */
const CERTIFICATES_MAX = 10_000;

interface Seed {
  readonly region: string;
  /** In the format of GATEWAY_ROOT_KEY_EU. */
  readonly rootKey: string;
  /** The folder of the local authority that issues the certificates. */
  readonly directory: string;
  readonly count: number;
  /** Gets NAME.pem for each name, with chain and key; null: nothing. */
  readonly pemFolder: string | null;
}

export interface SeededDomains {
  readonly names: readonly Hostname[];
  /** PEM of the root that signed their certificates. */
  readonly root: string;
}

/** Fills a migrated database with serving domains, the first 10,000 with a key and a certificate of their own. */
export async function seedDomains(client: Client, seed: Seed): Promise<SeededDomains> {
  const authority = await LocalAuthority.open(seed.directory, new SystemClock());
  const root = readFileSync(join(seed.directory, 'root.pem'), 'utf8');
  const vault = new KeyVault(
    { region: seed.region as Region, rootKeys: parseRootKeys(seed.rootKey) } as CellConfig,
    new UnopenedCiphertexts(new Registry()),
  );
  const names = namesOf(seed.count);
  const issued: IssuedCertificate[] = [];
  const accountIds = await insertAccounts(client, Math.ceil(seed.count / DOMAINS_PER_ACCOUNT));
  for (let start = 0; start < names.length; start += BATCH) {
    const batch = names.slice(start, start + BATCH);
    const accounts = batch.map(
      (_, index) => accountIds[Math.floor((start + index) / DOMAINS_PER_ACCOUNT)] ?? '',
    );
    await insertDomains(client, batch, accounts);
    const maker = { authority, vault, root, pemFolder: seed.pemFolder, issued };
    await insertCertificates(client, batch, maker);
  }
  await client.query(INSERT_ISSUANCES);
  // Autovacuum does the same after a while.
  await client.query('vacuum analyze');
  return { names, root };
}

/** Fills a migrated database with names that are proven and lead here, and have no certificate yet. */
export async function seedProvenNames(client: Client, count: number): Promise<void> {
  const names = namesOf(count);
  const accounts = await insertAccounts(client, count);
  await insertDomains(client, names, accounts);
}

function namesOf(count: number): Hostname[] {
  return Array.from({ length: count }, (_, index) =>
    requireHostname(`secrets.customer-${String(index).padStart(6, '0')}.test`),
  );
}

async function insertAccounts(client: Client, count: number): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    `insert into accounts (email, email_key, plan)
     select email, email, 'identity_plus'
     from (select 'customer-' || n || '@example.com' as email from generate_series(1, $1) as n)
     returning id`,
    [count],
  );
  return rows.map(({ id }) => id);
}

// next_check_at is hours away, so no domain check runs during the benchmark.
const INSERT_DOMAINS = `
  insert into domains (hostname, display_name, registrable_domain, is_apex, account_id, extid,
    target_label, challenge_label, challenge_value, ownership, verified_at, proof_method,
    routing, pointed_at, checked_at, next_check_at)
  select hostname, hostname, substr(hostname, strpos(hostname, '.') + 1), false, account_id, extid,
    target_label, challenge_label, challenge_value, 'verified', now(), 'txt',
    'pointed', now(), now(), now() + interval '6 hours' * (1 + random())
  from unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[])
    as seed (hostname, account_id, extid, target_label, challenge_label, challenge_value)`;

async function insertDomains(
  client: Client,
  names: readonly Hostname[],
  accountIds: readonly string[],
): Promise<void> {
  const labels = names.map(() => newClaimLabels());
  await client.query(INSERT_DOMAINS, [
    names,
    accountIds,
    names.map(() => newDomainExtid()),
    labels.map(({ targetLabel }) => targetLabel),
    labels.map(({ challengeLabel }) => challengeLabel),
    labels.map(({ challengeValue }) => challengeValue),
  ]);
}

interface CertificateMaker {
  readonly authority: LocalAuthority;
  readonly vault: KeyVault;
  readonly root: string;
  readonly pemFolder: string | null;
  /** The certificates of the first names. */
  readonly issued: IssuedCertificate[];
}

const INSERT_CERTIFICATES = `
  insert into certificates (hostname, version, source, chain_pem, sealed_private_key, key_version,
    serial, not_before, not_after)
  select hostname, 1, 'local', chain_pem, sealed, key_version, 'of the benchmark', not_before, not_after
  from unnest($1::text[], $2::text[], $3::bytea[], $4::smallint[], $5::timestamptz[], $6::timestamptz[])
    as made (hostname, chain_pem, sealed, key_version, not_before, not_after)`;

async function insertCertificates(
  client: Client,
  names: readonly Hostname[],
  { authority, vault, root, pemFolder, issued: first }: CertificateMaker,
): Promise<void> {
  const issued =
    first.length < CERTIFICATES_MAX
      ? await Promise.all(names.map((name) => authority.issue(name)))
      : names.map((_, index) => first[index] as IssuedCertificate);
  if (first.length < CERTIFICATES_MAX) first.push(...issued);
  if (pemFolder !== null) {
    for (const [index, { chainPem, privateKeyPem }] of issued.entries())
      writeFileSync(join(pemFolder, `${names[index] ?? ''}.pem`), chainPem + root + privateKeyPem);
  }
  const keys = issued.map(({ privateKeyPem }, index) =>
    vault.seal(privateKeyPem, { kind: 'certificate', name: names[index] ?? '', version: 1 }),
  );
  await client.query(INSERT_CERTIFICATES, [
    names,
    // A second certificate stands for the intermediate that public CAs send.
    issued.map(({ chainPem }) => chainPem + root),
    keys.map(({ sealed }) => sealed),
    keys.map(({ keyVersion }) => keyVersion),
    issued.map(({ notBefore }) => notBefore),
    issued.map(({ notAfter }) => notAfter),
  ]);
}

const INSERT_ISSUANCES = `
  insert into issuances (hostname, domain_id, registrable_domain, state, source, not_after, renew_at, next_at)
  select d.hostname, d.id, d.registrable_domain, 'active', 'local', c.not_after, r.at, r.at
  from domains d join certificates c using (hostname)
  cross join lateral (select c.not_after - interval '30 days' * (1 + random() / 5) as at) r`;
