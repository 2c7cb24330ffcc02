import { textField, accountIn, type Accounts, type Stage, type Step } from './stage.js';

const DOMAIN = 'secrets.acme.test';
const VALUE = 'only for readers of acme';
const NEIGHBOUR = 'neighbour@example.com';

/** The whole service under the customer's name, and nobody else's. */
export function onTheDomain(accounts: Accounts): readonly Step[] {
  return [
    {
      title: `A secret is shared and revealed on ${DOMAIN}`,
      async play(stage) {
        const shared = await stage.call({
          ...onDomain('share'),
          form: { secret: VALUE, ttl: '3600' },
          account: accountIn(accounts, 'eu'),
        });
        stage.expect(shared.status === 200, 'its owner creates there');
        stage.expect(
          textField(shared, 'share_domain') === DOMAIN,
          "the link has the domain's name",
        );
        const path = `secret/${textField(shared, 'secret_key')}`;
        stage.note(`The link: https://${DOMAIN}:${stage.gateway.ports.https}/${path}`);
        const revealed = await stage.call(onDomain(path));
        stage.expect(revealed.body?.['value'] === VALUE, 'whoever has the link reads it');
        const again = await stage.call(onDomain(path));
        stage.expect(again.body?.['message'] === 'Unknown secret', 'once');
      },
    },
    {
      title: 'Nobody else creates there',
      async play(stage) {
        const form = { secret: 'not welcome', ttl: '3600' };
        const account = await stage.createAccount('eu', NEIGHBOUR, 'identity_plus');
        const stranger = await stage.call({ ...onDomain('share'), form, account });
        stage.expect(
          isRefused(stranger.body, `You do not have permission to use domain: ${DOMAIN}`),
          'another customer of the region is refused, with its own good token',
        );
        const nobody = await stage.call({ ...onDomain('share'), form });
        stage.expect(
          isRefused(nobody.body, `Public sharing disabled for domain: ${DOMAIN}`),
          'so is somebody without an account, until the owner allows it',
        );
        await expectOwnHostsElsewhere(stage);
      },
    },
  ];
}

/** A customer's domain is no way in for operators, nor for the API that manages domains. */
async function expectOwnHostsElsewhere(stage: Stage): Promise<void> {
  const answer = await stage.ask({ method: 'GET', host: DOMAIN, path: '/api/domains' });
  stage.expect(answer.status === 404, "the API for domains answers on the region's own host only");
}

function onDomain(route: string) {
  return { method: 'POST', host: DOMAIN, path: `/api/v1/${route}` } as const;
}

function isRefused(body: Readonly<Record<string, unknown>> | null, message: string): boolean {
  return body?.['message'] === message;
}
