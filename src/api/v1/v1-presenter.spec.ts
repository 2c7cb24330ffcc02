import {
  ACCOUNT,
  aReceipt,
  aReceivedReceipt,
  METADATA_KEY,
  SECRET_KEY,
  TENANT,
} from '../../../test/fakes/sample-values.js';
import { requireHostname } from '../../shared/hostname.js';
import {
  presentBurned,
  presentFetched,
  presentGenerated,
  presentRecent,
  presentRevealed,
  presentShared,
} from './v1-presenter.js';

const ANONYMOUS = { tenant: TENANT, account: null };
const SENDER = { tenant: TENANT, account: ACCOUNT };
const DOMAIN = requireHostname('secrets.example.com');

const RECEIPT_URL = `https://eu.onetime.localhost:8443/receipt/${METADATA_KEY}`;

/** The fields of every metadata answer. */
const METADATA = {
  custid: 'anon',
  metadata_key: METADATA_KEY,
  identifier: METADATA_KEY,
  ttl: 3600,
  metadata_ttl: 7190,
  receipt_ttl: 7190,
  state: 'new',
  created: 1795435200,
  updated: 1795435210,
  recipient: [],
  recipients: [],
  share_domain: '',
  metadata_url: RECEIPT_URL,
  receipt_url: RECEIPT_URL,
};
const KEYS = { secret_key: SECRET_KEY, secret_identifier: SECRET_KEY };
const NO_KEYS = { secret_key: '', secret_identifier: '' };
const OPEN = { passphrase_required: false, has_passphrase: false };

const PAIRS = [
  ['metadata_key', 'identifier'],
  ['secret_key', 'secret_identifier'],
  ['metadata_ttl', 'receipt_ttl'],
  ['passphrase_required', 'has_passphrase'],
  ['recipient', 'recipients'],
  ['metadata_url', 'receipt_url'],
] as const;

describe('the whole answer', () => {
  it('to share', () => {
    expect(presentShared(aReceipt(), ANONYMOUS)).toEqual({
      ...METADATA,
      ...KEYS,
      ...OPEN,
      secret_ttl: 3590,
    });
  });

  it('to generate, the only one with the value', () => {
    const receipt = aReceipt({ kind: 'generate', hasPassphrase: true });
    expect(presentGenerated(receipt, 'v4lue', ANONYMOUS)).toEqual({
      ...METADATA,
      ...KEYS,
      passphrase_required: true,
      has_passphrase: true,
      secret_ttl: 3590,
      value: 'v4lue',
      secret_value: 'v4lue',
    });
  });

  it.each(['new', 'viewed'] as const)('to a fetch while %s', (state) => {
    expect(presentFetched(aReceipt({ state, kind: 'generate' }), ANONYMOUS)).toEqual({
      ...METADATA,
      ...KEYS,
      ...OPEN,
      state,
      secret_ttl: 3590,
    });
  });

  it('to a fetch after a reveal: its time, and nothing of the secret', () => {
    expect(presentFetched(aReceivedReceipt(), ANONYMOUS)).toEqual({
      ...METADATA,
      state: 'received',
      received: 1795435260,
    });
  });

  it.each(['burned', 'expired', 'orphaned'] as const)('to a fetch when %s', (state) => {
    const receipt = aReceipt({ state, secretKey: null, secretTtlSeconds: null });
    expect(presentFetched(receipt, ANONYMOUS)).toEqual({
      ...METADATA,
      ...NO_KEYS,
      state,
      secret_ttl: null,
    });
  });

  it('to a burn: nested, with six characters of the key', () => {
    const receipt = aReceipt({ state: 'burned', secretKey: null, secretTtlSeconds: null });
    expect(presentBurned({ receipt, secretShortKey: 'abcdef' }, ANONYMOUS)).toEqual({
      state: { ...METADATA, ...NO_KEYS, state: 'burned', secret_ttl: null },
      secret_shortkey: 'abcdef',
    });
  });

  it('to recent: records without secret keys under either name', () => {
    const receipts = [aReceipt(), aReceivedReceipt()];
    expect(receipts.map((receipt) => presentRecent(receipt, SENDER))).toEqual([
      { ...METADATA, custid: 'sender@example.com', secret_ttl: null },
      { ...METADATA, custid: 'sender@example.com', state: 'received', received: 1795435260 },
    ]);
  });

  it('to a reveal', () => {
    expect(presentRevealed({ value: ' s\n', domain: null }, 'key', ANONYMOUS)).toEqual({
      value: ' s\n',
      secret_key: 'key',
      share_domain: 'https://eu.onetime.localhost:8443',
    });
  });
});

describe('the rules of the fields', () => {
  it("has the caller's e-mail address, not the owner's", () => {
    expect(presentFetched(aReceipt({ ownerId: ACCOUNT.id }), ANONYMOUS)['custid']).toBe('anon');
    expect(presentFetched(aReceipt(), SENDER)['custid']).toBe('sender@example.com');
  });

  it('writes a custom domain bare in the metadata, as an origin in a reveal, on the same port', () => {
    const metadata = presentShared(aReceipt({ domain: DOMAIN }), ANONYMOUS);
    const receiptUrl = `https://secrets.example.com:8443/receipt/${METADATA_KEY}`;
    expect(metadata).toMatchObject({ share_domain: DOMAIN, metadata_url: receiptUrl });
    expect(presentRevealed({ value: '', domain: DOMAIN }, 'k', ANONYMOUS)['share_domain']).toBe(
      'https://secrets.example.com:8443',
    );
  });

  it('writes no port where the origin has none', () => {
    const tenant = { ...TENANT, origin: 'https://eu.onetime.localhost' };
    const asker = { tenant, account: null };
    const { metadata_url: url } = presentShared(aReceipt({ domain: DOMAIN }), asker);
    expect(url).toBe(`https://secrets.example.com/receipt/${METADATA_KEY}`);
  });

  it('says with every recipient whether an e-mail was queued, and without one nothing', () => {
    const addressed = aReceipt({ recipients: ['fo*****@e*****.com'] });
    const bodies = [
      presentShared(addressed, SENDER),
      presentGenerated(addressed, 'v', SENDER),
      presentFetched(addressed, SENDER),
      presentBurned({ receipt: addressed, secretShortKey: '' }, SENDER).state,
      presentRecent(addressed, SENDER),
    ];
    for (const body of bodies) expect(body['email_sent']).toBe(false);
    const told = aReceipt({ recipients: ['fo*****@e*****.com'], isRecipientTold: true });
    expect(presentShared(told, SENDER)['email_sent']).toBe(true);
    expect(presentShared(aReceipt(), SENDER)).not.toHaveProperty('email_sent');
  });

  it('has each newer name exactly when the classic name is present, with the same value', () => {
    const gone = { secretKey: null, secretTtlSeconds: null };
    const receipts = [
      aReceipt({ recipients: ['fo*****@e*****.com'] }),
      aReceivedReceipt(),
      aReceipt({ state: 'burned', ...gone }),
      aReceipt({ state: 'orphaned', ...gone }),
    ];
    const bodies: Readonly<Record<string, unknown>>[] = receipts.flatMap((receipt) => [
      presentShared(receipt, SENDER),
      presentGenerated(receipt, 'v', SENDER),
      presentFetched(receipt, SENDER),
      presentBurned({ receipt, secretShortKey: '' }, SENDER).state,
      presentRecent(receipt, SENDER),
    ]);
    for (const body of bodies) {
      for (const [classic, newer] of PAIRS) expect(body[newer]).toEqual(body[classic]);
    }
  });
});
