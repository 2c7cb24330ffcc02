import {
  accountIn,
  UnexpectedResult,
  type Accounts,
  type DemoSession,
  type Step,
} from './demo-session.js';
import type { PanelRecord } from './dns-provider.js';
import { domainOf, domainSummary, type DnsAdvice, type DomainRecord } from './domain-record.js';
import { eventually } from './eventually.js';
import type { Call } from './https-call.js';

const DOMAIN = 'secrets.acme.test';
/** Its zone. Some DNS panels append it to names that already end with it. */
const ZONE = 'acme.test';
const OLD_TARGET = 'shop.hosting.test';

/** Proof, routing and certificate of a custom domain. The domain serves afterwards. */
export function customDomainSteps(accounts: Accounts): readonly Step[] {
  let domain: DomainRecord | null = null;
  const claimed = (): DomainRecord => {
    if (domain === null) throw new UnexpectedResult('The domain has not been claimed.');
    return domain;
  };
  const onDomains = (path: string, method: Call['method'] = 'POST') => ({
    method,
    path: `/api/domains${path}`,
    account: accountIn(accounts, 'eu'),
  });

  return [
    {
      title: `The account, on its Identity Plus plan, adds ${DOMAIN}`,
      async run(session) {
        const host = session.hostOf('eu');
        const call = { ...onDomains(''), host, json: { domain: DOMAIN } };
        const answer = await session.call(call, domainSummary);
        session.expect(answer.status === 201, 'the claim is accepted');
        domain = domainOf(answer);
        const types = toMake(domain).map(({ type }) => type);
        session.expect(
          types.includes('TXT') && types.includes('CNAME'),
          'the answer lists the records to add: a TXT to prove the name, a CNAME to route it to the gateway',
        );
        session.expect(
          !(await connects(session)),
          `${DOMAIN} has no TLS connection before the proof`,
        );
      },
    },
    {
      title: 'The customer adds both records with mistakes',
      async run(session) {
        for (const record of mistakes(claimed())) session.publish(record);
        const call = { ...onDomains(`/${claimed().id}/verify`), host: session.hostOf('eu') };
        domain = domainOf(await session.call(call, domainSummary));
        const { issues, ownership, serving } = domain;
        const fixOf = (code: string) => issues.find((issue) => issue.code === code)?.fix.summary;
        session.expect(
          fixOf('TXT_DOUBLE_LABEL')?.includes('_onetime-challenge-') === true,
          'TXT_DOUBLE_LABEL: the DNS panel appended the zone to a name that already ended with it',
        );
        session.expect(
          fixOf('CNAME_ELSEWHERE')?.includes(OLD_TARGET) === true,
          'CNAME_ELSEWHERE: the fix names the record with its old and new value',
        );
        session.expect(
          ownership.state === 'pending' && !serving.ready,
          'the name is not proven and does not serve',
        );
      },
    },
    {
      title: 'The customer corrects the records',
      async run(session) {
        const wanted = toMake(claimed());
        for (const { fqdn, type } of mistakes(claimed())) {
          if (!wanted.some((record) => record.fqdn === fqdn)) session.unpublish(fqdn, type);
        }
        for (const { fqdn, type, desired } of wanted)
          session.publish({ fqdn, type, values: desired });
        const call = { ...onDomains(`/${claimed().id}/verify`), host: session.hostOf('eu') };
        domain = domainOf(await session.call(call, domainSummary));
        session.expect(domain.ownership.state === 'verified', 'the name is proven');
        session.expect(domain.routing.state === 'pointed', 'and routed here: the probe succeeded');
      },
    },
    {
      title: 'The domain gets its own certificate automatically',
      async run(session) {
        const call: Call = { ...onDomains(`/${claimed().id}`, 'GET'), host: session.hostOf('eu') };
        const startedAt = performance.now();
        domain = await eventually(`${DOMAIN} is ready`, async () => {
          const record = domainOf(await session.ask(call));
          return record.serving.ready ? record : null;
        });
        session.note(`Ready after ${((performance.now() - startedAt) / 1000).toFixed(1)} s.`);
        await session.call(call, domainSummary);
        const { source, not_after: notAfter } = domain.certificate;
        const expected = session.hasAcme ? 'acme' : 'local';
        session.note(`The certificate is valid until ${notAfter} and is renewed automatically.`);
        session.expect(source === expected, `the certificate's source is ${expected}`);
        const status = await session.call({ method: 'GET', host: DOMAIN, path: '/api/v1/status' });
        session.expect(
          status.body?.['status'] === 'nominal',
          `${DOMAIN} is nominal over TLS with a verified certificate`,
        );
      },
    },
  ];
}

/** The customer's mistakes: a name that ends with the zone twice, and the old CNAME target. */
function mistakes({ records }: DomainRecord): PanelRecord[] {
  const txt = records.find(({ type }) => type === 'TXT');
  if (txt === undefined) throw new UnexpectedResult('The answer asks for no TXT record.');
  return [
    { fqdn: `${txt.fqdn}.${ZONE}`, type: 'TXT', values: txt.desired },
    { fqdn: DOMAIN, type: 'CNAME', values: [OLD_TARGET] },
  ];
}

function toMake({ records }: DomainRecord): DnsAdvice[] {
  return records.filter(
    ({ action, required }) => required && (action === 'add' || action === 'change'),
  );
}

async function connects(session: DemoSession): Promise<boolean> {
  try {
    await session.ask({ method: 'GET', host: DOMAIN, path: '/api/v1/status' });
    return true;
  } catch {
    return false;
  }
}
