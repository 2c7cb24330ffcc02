import { createdAnswer } from '../../../src/api/v2/v2-answers.js';
import { TwoTenants, type Who } from '../api-domains/two-tenants.js';

const CONFIRMED = { continue: true };
/** No key has it by chance. */
const VALUE = 'a canary';

let tenants: TwoTenants;

beforeAll(async () => {
  tenants = await TwoTenants.start();
});
afterAll(() => tenants.close());

interface Made {
  readonly secretKey: string;
  readonly receiptKey: string;
  /** Null: generated, and told to nobody yet. */
  readonly value: string | null;
}

type Fields = Readonly<Record<string, string>>;

/** Every way to make a secret. */
const MAKERS: Readonly<Record<string, (fields: Fields, who: Who) => Promise<Made>>> = {
  'v1 share': async (fields, who) => {
    const { secretKey, metadataKey } = await tenants.share('R', who, { secret: VALUE, ...fields });
    return { secretKey, receiptKey: metadataKey, value: VALUE };
  },
  'v1 generate': async (fields, who) => {
    const answer = await tenants.send('R', who, 'POST', '/api/v1/generate', fields);
    const { secret_key: secretKey, metadata_key: receiptKey, value } = answer.json();
    return {
      secretKey: String(secretKey),
      receiptKey: String(receiptKey),
      value: String(value),
    };
  },
  'v2 conceal': async (fields, who) => v2Made('conceal', { secret: VALUE, ...fields }, who, VALUE),
  'v2 generate': async (fields, who) => v2Made('generate', fields, who, null),
  'the page': async (fields, who) => {
    const form = { kind: 'share', secret: VALUE, ...fields };
    const { location } = await tenants.send('R', who, 'POST', '/', form);
    const { body } = await tenants.send('R', who, 'GET', String(location));
    const [, secretKey = ''] = /\/secret\/([0-9a-z]{31})\b/.exec(body) ?? [];
    const [, receiptKey = ''] = /\/receipt\/([0-9a-z]{31})\b/.exec(String(location)) ?? [];
    return { secretKey, receiptKey, value: VALUE };
  },
};

async function v2Made(
  route: string,
  secret: object,
  who: Who,
  value: string | null,
): Promise<Made> {
  const answer = await tenants.call('R', who, `POST /api/v2/secret/${route}`, { secret });
  const { receipt, secret: made } = createdAnswer.parse(answer.json()).record;
  return { secretKey: made.key, receiptKey: receipt.key, value };
}

/** Every way to read; the text of the answer. */
const READERS: Readonly<Record<string, (key: string, passphrase: Fields) => Promise<string>>> = {
  v1: async (key, passphrase) =>
    (await tenants.send('R', 'anonymous', 'POST', `/api/v1/secret/${key}`, passphrase)).body,
  v2: async (key, passphrase) => {
    const body = { ...CONFIRMED, ...passphrase };
    return (await tenants.call('R', 'anonymous', `POST /api/v2/secret/${key}/reveal`, body)).body;
  },
  'the page': async (key, passphrase) =>
    (await tenants.send('R', 'anonymous', 'POST', `/secret/${key}`, passphrase)).body,
};

/** Every way to burn; the status of the answer. */
const BURNERS: Readonly<Record<string, (key: string, passphrase: Fields) => Promise<number>>> = {
  v1: async (key, passphrase) =>
    (await tenants.send('R', 'anonymous', 'POST', `/api/v1/private/${key}/burn`, passphrase))
      .status,
  v2: async (key, passphrase) => {
    const body = { ...CONFIRMED, ...passphrase };
    const line = `POST /api/v2/receipt/${key}/burn`;
    return (await tenants.call('R', 'anonymous', line, body)).statusCode;
  },
  'the page': async (key, passphrase) =>
    (await tenants.send('R', 'anonymous', 'POST', `/receipt/${key}/burn`, passphrase)).status,
};

/** What each way says of the receipt. */
async function statesOf(receiptKey: string): Promise<readonly unknown[]> {
  const v1 = await tenants.send('R', 'anonymous', 'GET', `/api/v1/private/${receiptKey}`);
  const v2 = await tenants.call('R', 'anonymous', `GET /api/v2/receipt/${receiptKey}`);
  return [v1.json()['state'], v2.json<{ record: { state: string } }>().record.state];
}

const PASSPHRASES: readonly Fields[] = [{}, { passphrase: 'open sesame' }];
const pairs = (others: object) =>
  Object.keys(MAKERS).flatMap((maker) =>
    Object.keys(others).map((other) => [maker, other] as const),
  );

describe('a secret that is made by one way', () => {
  it.each(pairs(READERS))('made by %s and read by %s, is gone for all', async (maker, reader) => {
    for (const passphrase of PASSPHRASES) {
      const made = await MAKERS[maker]?.(passphrase, 'owner');
      if (made === undefined) throw new Error('no such maker');
      const text = (await READERS[reader]?.(made.secretKey, passphrase)) ?? '';
      if (made.value !== null) expect(text).toContain(made.value);
      for (const read of Object.values(READERS)) {
        const again = await read(made.secretKey, passphrase);
        expect(again).not.toBe(text);
        expect(again).not.toContain('"value"');
        expect(again).not.toContain('secret_value');
      }
      for (const burn of Object.values(BURNERS))
        expect(await burn(made.receiptKey, passphrase)).not.toBe(200);
      expect(await statesOf(made.receiptKey)).toEqual(['received', 'revealed']);
    }
  });

  it.each(pairs(BURNERS))('made by %s and burned by %s, is gone for all', async (maker, burner) => {
    for (const passphrase of PASSPHRASES) {
      const made = await MAKERS[maker]?.(passphrase, 'owner');
      if (made === undefined) throw new Error('no such maker');
      expect(await BURNERS[burner]?.(made.receiptKey, passphrase)).toBe(200);
      for (const read of Object.values(READERS))
        expect(await read(made.secretKey, passphrase)).not.toMatch(/canary|secret_value|"value"/);
      for (const burn of Object.values(BURNERS))
        expect(await burn(made.receiptKey, passphrase)).not.toBe(200);
      expect(await statesOf(made.receiptKey)).toEqual(['burned', 'burned']);
    }
  });

  it.each(Object.keys(MAKERS))('made by %s is in the lists of both versions', async (maker) => {
    const made = await MAKERS[maker]?.({}, 'owner');
    const v1 = await tenants.send('R', 'owner', 'GET', '/api/v1/private/recent');
    const v2 = await tenants.call('R', 'owner', 'GET /api/v2/receipt/recent');
    for (const text of [v1.body, v2.body]) {
      expect(text).toContain(made?.receiptKey);
      expect(text).not.toContain(made?.secretKey);
    }
  });
});
