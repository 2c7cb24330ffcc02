import {
  accountIn,
  textField,
  type Accounts,
  type DemoSession,
  type Step,
} from './demo-session.js';
import { REGIONS } from './gateway-process.js';
import type { Answer } from './https-call.js';

const EMAIL = 'demo@example.com';
const VALUE = 'the launch code is 0000';

/** Accounts in two regions that share nothing, and secrets that are revealed once. */
export function secretSteps(accounts: Accounts): readonly Step[] {
  let secretKey = '';
  let metadataKey = '';
  let revealed: Answer | null = null;

  return [
    {
      title: 'Both regions answer over HTTPS, each on its own host',
      async run(session) {
        for (const region of REGIONS) {
          const host = session.hostOf(region);
          const answer = await session.call({ method: 'GET', host, path: '/api/v1/status' });
          session.expect(
            answer.status === 200 && answer.body?.['status'] === 'nominal',
            `${region} is nominal`,
          );
        }
      },
    },
    {
      title: 'The operator creates an account in each region',
      async run(session) {
        accounts.set('eu', await session.createAccount('eu', EMAIL, 'identity_plus'));
        accounts.set('us', await session.createAccount('us', EMAIL, 'basic'));
        const tokens = [...accounts.values()].map(({ token }) => token);
        session.expect(new Set(tokens).size === 2, 'the two accounts have different tokens');
      },
    },
    {
      title: 'An account of eu is not valid in us',
      async run(session) {
        const path = '/api/v1/authcheck';
        const account = accountIn(accounts, 'eu');
        const there = await session.call({
          method: 'GET',
          host: session.hostOf('us'),
          path,
          account,
        });
        session.expect(there.body?.['message'] === 'Not authorized', 'us refuses its token');
        const here = await session.call({
          method: 'GET',
          host: session.hostOf('eu'),
          path,
          account,
        });
        session.expect(here.status === 200, 'eu accepts it');
      },
    },
    {
      title: 'The account shares a secret in eu',
      async run(session) {
        const form = { secret: VALUE, ttl: '3600' };
        const shared = await session.call({
          ...inEu(session, 'share'),
          form,
          account: accountIn(accounts, 'eu'),
        });
        session.expect(shared.status === 200, 'the secret is stored');
        session.expect(shared.body?.['custid'] === EMAIL, 'it belongs to the account');
        secretKey = textField(shared, 'secret_key');
        metadataKey = textField(shared, 'metadata_key');
        session.note(
          `The link: https://${session.hostOf('eu')}:${session.gateway.ports.https}/secret/${secretKey}`,
        );
      },
    },
    {
      title: 'The link is unknown in us',
      async run(session) {
        const path = `/api/v1/secret/${secretKey}`;
        const answer = await session.call({ method: 'POST', host: session.hostOf('us'), path });
        session.expect(isUnknown(answer), 'us answers as for a secret that never existed');
      },
    },
    {
      title: 'eu reveals the secret',
      async run(session) {
        revealed = await session.call(inEu(session, `secret/${secretKey}`));
        session.expect(revealed.status === 200, 'the link works');
        session.expect(revealed.body?.['value'] === VALUE, 'the value is the one that was shared');
      },
    },
    {
      title: 'A second attempt reveals nothing',
      async run(session) {
        const answer = await session.call(inEu(session, `secret/${secretKey}`));
        session.expect(
          isUnknown(answer),
          'the answer is the same as for a secret that never existed',
        );
      },
    },
    {
      title: 'The sender sees that the secret was received',
      async run(session) {
        const call = inEu(session, `private/${metadataKey}`);
        const answer = await session.call({ ...call, account: accountIn(accounts, 'eu') });
        session.expect(
          answer.body?.['state'] === 'received',
          'the state of the receipt is received',
        );
        session.expect(
          !('secret_key' in (answer.body ?? {})),
          'the receipt no longer contains the secret key',
        );
      },
    },
    {
      title: 'Another secret is burned before it is read',
      async run(session) {
        const form = { secret: 'never to be read', ttl: '3600' };
        const shared = await session.call({
          ...inEu(session, 'share'),
          form,
          account: accountIn(accounts, 'eu'),
        });
        const burnedKey = textField(shared, 'secret_key');
        const burned = await session.call({
          ...inEu(session, `private/${textField(shared, 'metadata_key')}/burn`),
          account: accountIn(accounts, 'eu'),
        });
        const { state } = (burned.body?.['state'] ?? {}) as { readonly state?: unknown };
        session.expect(
          burned.status === 200 && state === 'burned',
          'the state of the receipt is burned',
        );
        const answer = await session.call(inEu(session, `secret/${burnedKey}`));
        session.expect(isUnknown(answer), 'its link no longer works');
      },
    },
  ];
}

function inEu(session: DemoSession, route: string) {
  return { method: 'POST', host: session.hostOf('eu'), path: `/api/v1/${route}` } as const;
}

function isUnknown({ status, body }: Answer): boolean {
  return status === 404 && body?.['message'] === 'Unknown secret';
}
