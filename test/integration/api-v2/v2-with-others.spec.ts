import { TwoTenants } from '../api-domains/two-tenants.js';
import { waysOf, type Fields, type Ways } from './ways.js';

const MAKERS = ['v1 share', 'v1 generate', 'v2 conceal', 'v2 generate', 'the page'];
const READERS = ['v1', 'v2', 'the page'];

let tenants: TwoTenants;
let ways: Ways;

beforeAll(async () => {
  tenants = await TwoTenants.start();
  ways = waysOf(tenants);
});
afterAll(() => tenants.close());

const PASSPHRASES: readonly Fields[] = [{}, { passphrase: 'open sesame' }];
const PAIRS = MAKERS.flatMap((maker) => READERS.map((other) => [maker, other] as const));

describe('a secret that is made by one way', () => {
  it.each(PAIRS)('made by %s and read by %s, is gone for all', async (maker, reader) => {
    for (const passphrase of PASSPHRASES) {
      const made = await ways.makers[maker]?.(passphrase, 'owner');
      if (made === undefined) throw new Error('no such maker');
      const text = (await ways.readers[reader]?.(made.secretKey, passphrase)) ?? '';
      if (made.value !== null) expect(text).toContain(made.value);
      for (const read of Object.values(ways.readers)) {
        const again = await read(made.secretKey, passphrase);
        expect(again).not.toBe(text);
        expect(again).not.toContain('"value"');
        expect(again).not.toContain('secret_value');
      }
      for (const burn of Object.values(ways.burners))
        expect(await burn(made.receiptKey, passphrase)).not.toBe(200);
      expect(await ways.statesOf(made.receiptKey)).toEqual(['received', 'revealed']);
    }
  });

  it.each(PAIRS)('made by %s and burned by %s, is gone for all', async (maker, burner) => {
    for (const passphrase of PASSPHRASES) {
      const made = await ways.makers[maker]?.(passphrase, 'owner');
      if (made === undefined) throw new Error('no such maker');
      expect(await ways.burners[burner]?.(made.receiptKey, passphrase)).toBe(200);
      for (const read of Object.values(ways.readers))
        expect(await read(made.secretKey, passphrase)).not.toMatch(/canary|secret_value|"value"/);
      for (const burn of Object.values(ways.burners))
        expect(await burn(made.receiptKey, passphrase)).not.toBe(200);
      expect(await ways.statesOf(made.receiptKey)).toEqual(['burned', 'burned']);
    }
  });

  it.each(MAKERS)('made by %s is in the lists of both versions', async (maker) => {
    const made = await ways.makers[maker]?.({}, 'owner');
    const v1 = await tenants.send('R', 'owner', 'GET', '/api/v1/private/recent');
    const v2 = await tenants.call('R', 'owner', 'GET /api/v2/receipt/recent');
    for (const text of [v1.body, v2.body]) {
      expect(text).toContain(made?.receiptKey);
      expect(text).not.toContain(made?.secretKey);
    }
  });
});

it('drives every way', () => {
  expect(Object.keys(ways.makers)).toEqual(MAKERS);
  expect(Object.keys(ways.readers)).toEqual(READERS);
  expect(Object.keys(ways.burners)).toEqual(READERS);
});
