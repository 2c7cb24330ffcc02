import {
  accountIn,
  UnexpectedResult,
  type Accounts,
  type DemoSession,
  type Step,
} from './demo-session.js';
import type { Answer } from './https-call.js';

const VALUE = 'the same secrets, in JSON';

/** API v2 on the same secrets as v1, and a token that may do less than the account. */
export function v2Steps(accounts: Accounts): readonly Step[] {
  let secretKey = '';
  let receiptKey = '';

  return [
    {
      title: 'API v2 conceals a secret, v1 reveals it',
      async run(session) {
        const json = { secret: { secret: VALUE, ttl: 3600 } };
        const account = accountIn(accounts, 'eu');
        const concealed = await session.call({
          ...inEu(session, 'POST', '/api/v2/secret/conceal'),
          json,
          account,
        });
        secretKey = textAt(concealed, 'record', 'secret', 'key');
        receiptKey = textAt(concealed, 'record', 'receipt', 'key');
        const peeked = await session.call(inEu(session, 'GET', `/api/v2/secret/${secretKey}`));
        session.expect(!peeked.text.includes(VALUE), 'a GET shows the secret without its value');
        const revealed = await session.call(inEu(session, 'POST', `/api/v1/secret/${secretKey}`));
        session.expect(revealed.body?.['value'] === VALUE, 'v1 has the value that v2 concealed');
      },
    },
    {
      title: 'API v2 finds it gone, and its receipt says why',
      async run(session) {
        const path = `/api/v2/secret/${secretKey}/reveal`;
        const gone = await session.call({
          ...inEu(session, 'POST', path),
          json: { continue: true },
        });
        session.expect(
          gone.status === 404 && gone.body?.['error_type'] === 'RecordNotFound',
          'a second reveal is 404',
        );
        const receipt = await session.call({
          ...inEu(session, 'GET', `/api/v2/receipt/${receiptKey}`),
          account: accountIn(accounts, 'eu'),
        });
        session.expect(textAt(receipt, 'record', 'state') === 'revealed', 'it was revealed');
      },
    },
    {
      title: 'A token that may only read',
      async run(session) {
        const account = accountIn(accounts, 'eu');
        const made = await session.call(
          {
            ...inEu(session, 'POST', '/api/account/tokens'),
            json: { name: 'reports', scopes: ['read'] },
            account,
          },
          () => 'The token is shown once, and not here.',
        );
        session.expect(made.status === 201, 'the account has another token');
        const reader = { email: account.email, token: textAt(made, 'record', 'token') };
        const list = await session.call(
          { ...inEu(session, 'GET', '/api/v2/receipt/recent'), account: reader },
          () => 'The list.',
        );
        session.expect(list.status === 200, 'it lists receipts');
        const refused = await session.call({
          ...inEu(session, 'POST', '/api/v2/secret/conceal'),
          json: { secret: { secret: 'no' } },
          account: reader,
        });
        session.expect(refused.status === 403, 'it conceals nothing');
      },
    },
  ];
}

function inEu(session: DemoSession, method: 'GET' | 'POST', path: string) {
  return { method, host: session.hostOf('eu'), path } as const;
}

/** A text inside the answer. */
export function textAt({ body }: Answer, ...names: readonly string[]): string {
  let value: unknown = body;
  for (const name of names) value = (value as Record<string, unknown> | null)?.[name];
  if (typeof value === 'string') return value;
  throw new UnexpectedResult(`The answer has no text at ${names.join('.')}.`);
}
