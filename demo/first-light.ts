import { REGIONS } from './gateway-process.js';
import type { Answer } from './https-call.js';
import { accountIn, textField, type Accounts, type Stage, type Step } from './stage.js';

const EMAIL = 'demo@example.com';
const VALUE = 'the launch code is 0000';

/** Two regions that share nothing, and secrets that are read once. */
export function firstLight(accounts: Accounts): readonly Step[] {
  let secretKey = '';
  let metadataKey = '';
  let revealed: Answer | null = null;

  return [
    {
      title: 'Both regions answer over HTTPS, each on its own host',
      async play(stage) {
        for (const region of REGIONS) {
          const host = stage.hostOf(region);
          const answer = await stage.call({ method: 'GET', host, path: '/api/v1/status' });
          stage.expect(
            answer.status === 200 && answer.body?.['status'] === 'nominal',
            `${region} is nominal`,
          );
        }
      },
    },
    {
      title: 'The operator makes an account in each region',
      async play(stage) {
        accounts.set('eu', await stage.createAccount('eu', EMAIL, 'identity_plus'));
        accounts.set('us', await stage.createAccount('us', EMAIL, 'basic'));
        const tokens = [...accounts.values()].map(({ token }) => token);
        stage.expect(new Set(tokens).size === 2, 'they are two accounts: the tokens differ');
      },
    },
    {
      title: "us does not know eu's account",
      async play(stage) {
        const path = '/api/v1/authcheck';
        const account = accountIn(accounts, 'eu');
        const there = await stage.call({ method: 'GET', host: stage.hostOf('us'), path, account });
        stage.expect(there.body?.['message'] === 'Not authorized', 'us refuses the token');
        const here = await stage.call({ method: 'GET', host: stage.hostOf('eu'), path, account });
        stage.expect(here.status === 200, 'eu takes it');
      },
    },
    {
      title: 'The account shares a secret in eu',
      async play(stage) {
        const form = { secret: VALUE, ttl: '3600' };
        const shared = await stage.call({
          ...inEu(stage, 'share'),
          form,
          account: accountIn(accounts, 'eu'),
        });
        stage.expect(shared.status === 200, 'the secret is stored');
        stage.expect(shared.body?.['custid'] === EMAIL, "it is the account's");
        secretKey = textField(shared, 'secret_key');
        metadataKey = textField(shared, 'metadata_key');
        stage.note(
          `The link: https://${stage.hostOf('eu')}:${stage.gateway.ports.https}/secret/${secretKey}`,
        );
      },
    },
    {
      title: 'us does not know the link',
      async play(stage) {
        const path = `/api/v1/secret/${secretKey}`;
        const answer = await stage.call({ method: 'POST', host: stage.hostOf('us'), path });
        stage.expect(isUnknown(answer), 'in us there is no such secret, and never was');
      },
    },
    {
      title: 'eu reveals it, once',
      async play(stage) {
        revealed = await stage.call(inEu(stage, `secret/${secretKey}`));
        stage.expect(revealed.status === 200, 'the link leads somewhere');
        stage.expect(revealed.body?.['value'] === VALUE, 'the value is what was shared');
      },
    },
    {
      title: 'The second try',
      async play(stage) {
        const answer = await stage.call(inEu(stage, `secret/${secretKey}`));
        stage.expect(isUnknown(answer), 'it is gone, with the same words as if it had never been');
      },
    },
    {
      title: 'The sender sees that it was received',
      async play(stage) {
        const call = inEu(stage, `private/${metadataKey}`);
        const answer = await stage.call({ ...call, account: accountIn(accounts, 'eu') });
        stage.expect(answer.body?.['state'] === 'received', 'the receipt says so');
        stage.expect(!('secret_key' in (answer.body ?? {})), 'and no longer tells the key');
      },
    },
    {
      title: 'Another secret is burned before anybody reads it',
      async play(stage) {
        const form = { secret: 'never to be read', ttl: '3600' };
        const shared = await stage.call({
          ...inEu(stage, 'share'),
          form,
          account: accountIn(accounts, 'eu'),
        });
        const burnedKey = textField(shared, 'secret_key');
        const burned = await stage.call({
          ...inEu(stage, `private/${textField(shared, 'metadata_key')}/burn`),
          account: accountIn(accounts, 'eu'),
        });
        const { state } = (burned.body?.['state'] ?? {}) as { readonly state?: unknown };
        stage.expect(burned.status === 200 && state === 'burned', 'the receipt says burned');
        const answer = await stage.call(inEu(stage, `secret/${burnedKey}`));
        stage.expect(isUnknown(answer), 'its link leads nowhere');
      },
    },
  ];
}

function inEu(stage: Stage, route: string) {
  return { method: 'POST', host: stage.hostOf('eu'), path: `/api/v1/${route}` } as const;
}

function isUnknown({ status, body }: Answer): boolean {
  return status === 404 && body?.['message'] === 'Unknown secret';
}
