import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hash,
  hkdfSync,
  randomBytes,
} from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Pool } from 'pg';
import { answerQuestions } from '../worker.js';
import { claimSecret, dayAfter, findSecret, insertPair } from './pair-statements.js';
import type { StaticServer } from './static-server.js';
import { answerByTls } from './tls-answers.js';

/** Shares and reveals over TLS and HTTP, by the best SQL. */
export interface PairsServer extends Omit<StaticServer, 'body'> {
  readonly databaseUrl: string;
  readonly connections: number;
}

const ALGORITHM = 'aes-256-gcm';
const ROOT = randomBytes(32);
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 16;
/** Characters of a key; the gateway's have 31. */
const KEY_LENGTH = 31;
const LOOKUP_BYTES = 20;
const SHORT_ID_LENGTH = 8;
const TTL_SECONDS = 3600;

// The least that a Node program costs that does what a pair needs: TLS, HTTP with bodies and JSON, one HKDF and one cipher
// for each sealed field, a hash for each key, three statements. No router, no accounts, no hosts, no limits, no log, no
// metrics, no events, no domains; a body is trusted to be a form.
answerQuestions<PairsServer, { readonly port: number }>((options) => {
  const pool = new Pool({ connectionString: options.databaseUrl, max: options.connections });
  return answerByTls(options, async (request, response) => {
    const form = await bodyOf(request);
    const key = /^\/api\/v1\/secret\/(\w+)$/.exec(request.url ?? '')?.[1];
    const body = JSON.stringify(
      key === undefined ? await share(pool, form) : await reveal(pool, key),
    );
    const length = String(Buffer.byteLength(body));
    response.writeHead(200, [...options.headers, 'content-length', length]).end(body);
  });
});

function bodyOf(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    request.once('end', () => resolve(text));
    request.once('error', reject);
  });
}

async function share(pool: Pool, form: string): Promise<object> {
  const value = new URLSearchParams(form).get('secret') ?? '';
  const [secretKey, metadataKey] = [newKey(), newKey()];
  const [secret, receipt] = [lookupOf(secretKey), lookupOf(metadataKey)];
  const createdAt = await insertPair(
    pool,
    {
      secret,
      receipt,
      ttlSeconds: TTL_SECONDS,
      ciphertext: seal(value, secretKey, secret),
      sealedSecretKey: seal(secretKey, metadataKey, receipt),
      sealedShortId: seal(secretKey.slice(0, SHORT_ID_LENGTH), `${metadataKey} id`, receipt),
    },
    daysOfPair(),
    'partitions',
  );
  const created = Math.floor(createdAt.getTime() / 1000);
  return {
    custid: 'anon',
    metadata_key: metadataKey,
    identifier: metadataKey,
    ttl: TTL_SECONDS,
    metadata_ttl: 2 * TTL_SECONDS,
    receipt_ttl: 2 * TTL_SECONDS,
    state: 'new',
    created,
    updated: created,
    recipient: [],
    recipients: [],
    share_domain: '',
    metadata_url: `https://eu.onetime.localhost/receipt/${metadataKey}`,
    receipt_url: `https://eu.onetime.localhost/receipt/${metadataKey}`,
    secret_key: secretKey,
    secret_identifier: secretKey,
    secret_ttl: TTL_SECONDS,
    passphrase_required: false,
    has_passphrase: false,
  };
}

async function reveal(pool: Pool, secretKey: string): Promise<object> {
  const secret = lookupOf(secretKey);
  const days = daysOfPair();
  const found = await findSecret(pool, secret, days, 'partitions');
  const value = open(found.ciphertext, secretKey, secret);
  await claimSecret(pool, { secret, receipt: found.receipt_lookup }, days, 'partitions');
  return { value, secret_key: secretKey, share_domain: 'https://eu.onetime.localhost' };
}

function daysOfPair() {
  return { secret: dayAfter(TTL_SECONDS), receipt: dayAfter(2 * TTL_SECONDS) };
}

function newKey(): string {
  return randomBytes(KEY_BYTES).toString('hex').slice(0, KEY_LENGTH);
}

function lookupOf(key: string): Buffer {
  return hash('sha256', key, 'buffer').subarray(0, LOOKUP_BYTES);
}

function seal(text: string, held: string, lookup: Buffer): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, keyOf(held, lookup), nonce);
  cipher.setAAD(lookup);
  const ciphertext = cipher.update(text, 'utf8');
  return Buffer.concat([nonce, ciphertext, cipher.final(), cipher.getAuthTag()]);
}

function open(box: Buffer, held: string, lookup: Buffer): string {
  const decipher = createDecipheriv(ALGORITHM, keyOf(held, lookup), box.subarray(0, NONCE_BYTES));
  decipher.setAAD(lookup);
  decipher.setAuthTag(box.subarray(-TAG_BYTES));
  const bytes = decipher.update(box.subarray(NONCE_BYTES, -TAG_BYTES));
  return Buffer.concat([bytes, decipher.final()]).toString('utf8');
}

/** A key object: Node takes four times as long for a cipher whose key is a buffer. */
function keyOf(held: string, lookup: Buffer) {
  const material = createSecretKey(Buffer.concat([ROOT, Buffer.from(held)]));
  return createSecretKey(
    Buffer.from(hkdfSync('sha256', material, Buffer.alloc(0), lookup, ROOT.length)),
  );
}
