import { secretAnswer, statusAnswer, statusListAnswer } from '../../../src/api/v2/v2-answers.js';
import { PassphraseQueue } from '../../../src/secrets/passphrase-queue.js';
import { lookupOf } from '../../../src/secrets/secret-key.js';
import { TwoTenants } from '../api-domains/two-tenants.js';
import { DAY, GONE, NEVER, V2Calls } from './v2-calls.js';

/** Counts what is stretched. */
class CountingQueue extends PassphraseQueue {
  stretched = 0;

  protected override hash(passphrase: string, salt: Buffer): Promise<Buffer> {
    this.stretched += 1;
    return super.hash(passphrase, salt);
  }
}

const queue = new CountingQueue();
let tenants: TwoTenants;
const { call, conceal, reveal, receiptOf } = new V2Calls(() => tenants);

beforeAll(async () => {
  tenants = await TwoTenants.start({ queue });
});
afterAll(() => tenants.close());

describe('show and status', () => {
  it('tell of an unread secret, count a look, and consume nothing', async () => {
    const { key, receiptKey } = await conceal({ passphrase: 'right' });
    expect((await receiptOf(receiptKey)).record).toMatchObject({ is_previewed: false });
    const paths = ['', '?continue=true', '?continue=true&passphrase=right'];
    for (const query of paths) {
      const shown = await call(`GET /api/v2/secret/${key}${query}`);
      expect(secretAnswer.parse(shown.json())).toMatchObject({
        record: { identifier: key, state: 'new', has_passphrase: true, is_previewed: true },
        details: { continue: false, show_secret: false, is_owner: false, one_liner: null },
      });
    }
    const status = await call(`GET /api/v2/secret/${key}/status`);
    const { record, details } = statusAnswer.parse(status.json()) as {
      record: object;
      details?: { current_expiration: number };
    };
    expect(record).toMatchObject({ state: 'new', secret_ttl: 7 * DAY });
    expect(details?.current_expiration).toBeGreaterThan(7 * DAY - 60);

    const receipt = await receiptOf(receiptKey);
    expect(receipt.record).toMatchObject({ state: 'new', is_viewed: true });
    expect(receipt.details).toMatchObject({
      view_count: 4,
      first_access: receipt.record.previewed,
    });
  });

  it('count no look by HEAD, by a reveal without continue, or in a list', async () => {
    const { key, receiptKey } = await conceal();
    await call(`HEAD /api/v2/secret/${key}`);
    await call(`HEAD /api/v2/secret/${key}/status`);
    await reveal(key, {});
    await call('POST /api/v2/secret/status', { identifiers: key });
    const { record, details } = await receiptOf(receiptKey);
    expect([record.previewed, record.is_previewed, details.view_count]).toEqual([null, false, 0]);
  });

  it('say unknown with 200, or 404, of a secret that is gone', async () => {
    const status = await call(`GET /api/v2/secret/${NEVER}/status`);
    expect([status.statusCode, status.body]).toEqual([200, '{"record":{"state":"unknown"}}']);
    const shown = await call(`GET /api/v2/secret/${NEVER}`);
    expect([shown.statusCode, shown.body]).toEqual([404, GONE]);
  });

  it('of several take a text with commas, or a list, and leave out what is gone', async () => {
    const [one, two] = [await conceal(), await conceal({ passphrase: 'right' })];
    for (const identifiers of [
      `${one.key}, ${NEVER},${two.key},${one.key}`,
      [one.key, NEVER, two.key],
    ]) {
      const answer = await call('POST /api/v2/secret/status', { identifiers });
      const { records, count } = statusListAnswer.parse(answer.json());
      expect([count, records.map(({ key }) => key)]).toEqual([2, [one.key, two.key]]);
    }
    const none = await call('POST /api/v2/secret/status', {});
    expect(none.json()).toEqual({ records: [], count: 0 });
    const many = await call('POST /api/v2/secret/status', { identifiers: Array(101).fill(NEVER) });
    expect([many.statusCode, many.json()]).toMatchObject([422, { field: 'identifiers' }]);
  });
});

describe('reveal', () => {
  it('gives the value once', async () => {
    const { key } = await conceal({ secret: 'one\ntwo' });
    const answer = secretAnswer.parse((await reveal(key, { continue: 'true' })).json());
    expect(answer).toMatchObject({
      record: { secret_value: 'one\ntwo', state: 'revealed', is_received: true },
      details: { continue: true, show_secret: true, display_lines: 5, one_liner: false },
    });
    const again = await reveal(key);
    expect([again.statusCode, again.body]).toEqual([404, GONE]);
  });

  it('without continue shows nothing, and looks at no passphrase', async () => {
    const { key, receiptKey } = await conceal({ passphrase: 'right' });
    const answers = [
      await reveal(key, {}),
      await reveal(key, { continue: false, passphrase: 'right' }),
      await reveal(key, { passphrase: 'wrong' }),
    ];
    for (const answer of answers) {
      expect(answer.statusCode).toBe(200);
      expect(answer.body).toBe(answers[0]?.body);
      expect(secretAnswer.parse(answer.json()).details.show_secret).toBe(false);
    }
    expect((await receiptOf(receiptKey)).record.state).toBe('new');
  });

  it('costs the same for a secret that is gone: a passphrase is stretched, and only with continue', async () => {
    const { key } = await conceal({ passphrase: 'right' });
    for (const asked of [key, NEVER]) {
      queue.stretched = 0;
      await reveal(asked, { passphrase: 'wrong' });
      await reveal(asked, { continue: true });
      expect(queue.stretched).toBe(0);
      await reveal(asked, { continue: true, passphrase: 'wrong' });
      expect(queue.stretched).toBe(1);
    }
  });

  it('says that a damaged secret does not open, and consumes nothing', async () => {
    const { key, receiptKey } = await conceal();
    await tenants.database.dataSource.query(
      'update secrets set ciphertext = set_byte(ciphertext, 20, 255 - get_byte(ciphertext, 20)) where lookup = $1',
      [lookupOf('secret', key)],
    );
    const answer = await reveal(key);
    expect([answer.statusCode, answer.json()]).toMatchObject([
      503,
      { error_type: 'SecretUndecryptable', code: 'secret_undecryptable', retry_after: 5 },
    ]);
    expect((await receiptOf(receiptKey)).record.state).toBe('new');
  });

  it('answers a wrong or missing passphrase like a secret that is gone', async () => {
    const { key } = await conceal({ passphrase: 'right' });
    for (const passphrase of ['wrong', '', undefined]) {
      const answer = await reveal(key, { continue: true, passphrase });
      expect([answer.statusCode, answer.body]).toEqual([404, GONE]);
    }
    const right = await reveal(key, { continue: true, passphrase: 'right' });
    expect(right.json()).toMatchObject({ record: { has_passphrase: true, secret_value: 'hello' } });
  });
});
