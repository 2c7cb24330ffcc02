import { createdAnswer } from '../../../src/api/v2/v2-answers.js';
import type { TwoTenants, Who } from '../api-domains/two-tenants.js';

const CONFIRMED = { continue: true };
/** No key has it by chance. */
export const VALUE = 'a canary';

export interface Made {
  readonly secretKey: string;
  readonly receiptKey: string;
  /** Null: generated, and told to nobody yet. */
  readonly value: string | null;
}

export type Fields = Readonly<Record<string, string>>;

export interface Ways {
  /** Every way to make a secret. */
  readonly makers: Readonly<Record<string, (fields: Fields, who: Who) => Promise<Made>>>;
  /** Every way to read; the text of the answer. */
  readonly readers: Readonly<Record<string, (key: string, passphrase: Fields) => Promise<string>>>;
  /** Every way to burn; the status of the answer. */
  readonly burners: Readonly<Record<string, (key: string, passphrase: Fields) => Promise<number>>>;
  /** What v1 and v2 say of the receipt. */
  readonly statesOf: (receiptKey: string) => Promise<readonly unknown[]>;
}

/** v1, v2 and the pages of one region. */
export function waysOf(tenants: TwoTenants): Ways {
  const makers: Ways['makers'] = {
    'v1 share': async (fields, who) => {
      const { secretKey, metadataKey } = await tenants.share('R', who, {
        secret: VALUE,
        ...fields,
      });
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
    'v2 conceal': async (fields, who) =>
      v2Made('conceal', { secret: VALUE, ...fields }, who, VALUE),
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

  const readers: Ways['readers'] = {
    v1: async (key, passphrase) =>
      (await tenants.send('R', 'anonymous', 'POST', `/api/v1/secret/${key}`, passphrase)).body,
    v2: async (key, passphrase) => {
      const body = { ...CONFIRMED, ...passphrase };
      return (await tenants.call('R', 'anonymous', `POST /api/v2/secret/${key}/reveal`, body)).body;
    },
    'the page': async (key, passphrase) =>
      (await tenants.press('R', 'anonymous', `/secret/${key}`, passphrase)).body,
  };

  const burners: Ways['burners'] = {
    v1: async (key, passphrase) =>
      (await tenants.send('R', 'anonymous', 'POST', `/api/v1/private/${key}/burn`, passphrase))
        .status,
    v2: async (key, passphrase) => {
      const body = { ...CONFIRMED, ...passphrase };
      const line = `POST /api/v2/receipt/${key}/burn`;
      return (await tenants.call('R', 'anonymous', line, body)).statusCode;
    },
    'the page': async (key, passphrase) =>
      (await tenants.press('R', 'anonymous', `/receipt/${key}/burn`, passphrase)).status,
  };

  async function statesOf(receiptKey: string): Promise<readonly unknown[]> {
    const v1 = await tenants.send('R', 'anonymous', 'GET', `/api/v1/private/${receiptKey}`);
    const v2 = await tenants.call('R', 'anonymous', `GET /api/v2/receipt/${receiptKey}`);
    return [v1.json()['state'], v2.json<{ record: { state: string } }>().record.state];
  }

  return { makers, readers, burners, statesOf };
}
