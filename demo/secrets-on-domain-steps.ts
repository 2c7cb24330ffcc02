import {
  textField,
  accountIn,
  type Accounts,
  type DemoSession,
  type Step,
} from './demo-session.js';

const DOMAIN = 'secrets.acme.test';
const VALUE = 'only for readers of acme';
const NEIGHBOUR = 'neighbour@example.com';

/** Secrets on the custom domain, for its owner only. */
export function secretsOnDomainSteps(accounts: Accounts): readonly Step[] {
  return [
    {
      title: `A secret is shared and revealed on ${DOMAIN}`,
      async run(session) {
        const shared = await session.call({
          ...onDomain('share'),
          form: { secret: VALUE, ttl: '3600' },
          account: accountIn(accounts, 'eu'),
        });
        session.expect(shared.status === 200, 'the owner can share on the domain');
        session.expect(textField(shared, 'share_domain') === DOMAIN, 'the link uses the domain');
        const path = `secret/${textField(shared, 'secret_key')}`;
        session.note(`The link: https://${DOMAIN}:${session.gateway.ports.https}/${path}`);
        const revealed = await session.call(onDomain(path));
        session.expect(revealed.body?.['value'] === VALUE, 'anybody with the link can reveal it');
        const again = await session.call(onDomain(path));
        session.expect(again.body?.['message'] === 'Unknown secret', 'only once');
      },
    },
    {
      title: 'Others cannot share on the domain',
      async run(session) {
        const form = { secret: 'not welcome', ttl: '3600' };
        const account = await session.createAccount('eu', NEIGHBOUR, 'identity_plus');
        const other = await session.call({ ...onDomain('share'), form, account });
        session.expect(
          isRefused(other.body, `You do not have permission to use domain: ${DOMAIN}`),
          'another customer of the region is refused, although its token is valid',
        );
        const anonymous = await session.call({ ...onDomain('share'), form });
        session.expect(
          isRefused(anonymous.body, `Public sharing disabled for domain: ${DOMAIN}`),
          'anonymous sharing is refused until the owner enables it',
        );
        await expectNoDomainApi(session);
      },
    },
  ];
}

/** The API that manages domains is not reachable on a custom domain. */
async function expectNoDomainApi(session: DemoSession): Promise<void> {
  const answer = await session.ask({ method: 'GET', host: DOMAIN, path: '/api/domains' });
  session.expect(
    answer.status === 404,
    "the API for domains answers on the region's own host only",
  );
}

function onDomain(route: string) {
  return { method: 'POST', host: DOMAIN, path: `/api/v1/${route}` } as const;
}

function isRefused(body: Readonly<Record<string, unknown>> | null, message: string): boolean {
  return body?.['message'] === message;
}
