import { domainOf, summary, type DnsAdvice, type DomainRecord } from './domain-record.js';
import type { PanelRecord } from './dns-provider.js';
import type { Call } from './https-call.js';
import { eventually } from './patience.js';
import { accountIn, Unexpected, type Accounts, type Stage, type Step } from './stage.js';

const DOMAIN = 'secrets.acme.test';
/** Its zone; a careless DNS panel adds it to names that have it already. */
const ZONE = 'acme.test';
const OLD_TARGET = 'shop.hosting.test';

/** A customer's own name: proof, routing, certificate. Those who come after find it serving. */
export function ownDomain(accounts: Accounts): readonly Step[] {
  let domain: DomainRecord | null = null;
  const claimed = (): DomainRecord => {
    if (domain === null) throw new Unexpected('The domain was never claimed.');
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
      async play(stage) {
        const host = stage.hostOf('eu');
        const call = { ...onDomains(''), host, json: { domain: DOMAIN } };
        const answer = await stage.call(call, summary);
        stage.expect(answer.status === 201, 'the claim is taken');
        domain = domainOf(answer);
        const types = toMake(domain).map(({ type }) => type);
        stage.expect(
          types.includes('TXT') && types.includes('CNAME'),
          'it says which records to make: a TXT to prove the name, a CNAME to lead it here',
        );
        stage.expect(!(await connects(stage)), `no TLS connection to ${DOMAIN} before the proof`);
      },
    },
    {
      title: 'The customer makes the records, and both are wrong',
      async play(stage) {
        for (const record of mistakes(claimed())) stage.publish(record);
        const call = { ...onDomains(`/${claimed().id}/verify`), host: stage.hostOf('eu') };
        domain = domainOf(await stage.call(call, summary));
        const { issues, ownership, serving } = domain;
        const fixOf = (code: string) => issues.find((issue) => issue.code === code)?.fix.summary;
        stage.expect(
          fixOf('TXT_DOUBLE_LABEL')?.includes('_onetime-challenge-') === true,
          'TXT_DOUBLE_LABEL: the panel added the domain to a name that had it already',
        );
        stage.expect(
          fixOf('CNAME_ELSEWHERE')?.includes(OLD_TARGET) === true,
          'CNAME_ELSEWHERE: the fix names the record and its value, old and new',
        );
        stage.expect(ownership.state === 'pending' && !serving.ready, 'nothing is proven by it');
      },
    },
    {
      title: 'Now exactly the records that the answer asks for',
      async play(stage) {
        const wanted = toMake(claimed());
        for (const { fqdn, type } of mistakes(claimed())) {
          if (!wanted.some((record) => record.fqdn === fqdn)) stage.unpublish(fqdn, type);
        }
        for (const { fqdn, type, desired } of wanted)
          stage.publish({ fqdn, type, values: desired });
        const call = { ...onDomains(`/${claimed().id}/verify`), host: stage.hostOf('eu') };
        domain = domainOf(await stage.call(call, summary));
        stage.expect(domain.ownership.state === 'verified', 'the name is proven');
        stage.expect(domain.routing.state === 'pointed', 'and leads here: the probe came back');
      },
    },
    {
      title: 'It gets a certificate of its own, without anybody doing anything',
      async play(stage) {
        const call: Call = { ...onDomains(`/${claimed().id}`, 'GET'), host: stage.hostOf('eu') };
        const startedAt = performance.now();
        domain = await eventually(`${DOMAIN} is ready`, async () => {
          const record = domainOf(await stage.ask(call));
          return record.serving.ready ? record : null;
        });
        stage.note(`Ready after ${((performance.now() - startedAt) / 1000).toFixed(1)} s.`);
        await stage.call(call, summary);
        const { source, not_after: notAfter } = domain.certificate;
        const expected = stage.hasAcme ? 'acme' : 'local';
        stage.note(`The certificate is good until ${notAfter}, and renewed by itself.`);
        stage.expect(source === expected, `the certificate's source is ${expected}`);
        const status = await stage.call({ method: 'GET', host: DOMAIN, path: '/api/v1/status' });
        stage.expect(
          status.body?.['status'] === 'nominal',
          `${DOMAIN} is nominal over TLS, its certificate checked`,
        );
      },
    },
  ];
}

/** What the customer types wrongly: a name with the zone twice, and the value that was right before. */
function mistakes({ records }: DomainRecord): PanelRecord[] {
  const txt = records.find(({ type }) => type === 'TXT');
  if (txt === undefined) throw new Unexpected('The answer asks for no TXT record.');
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

async function connects(stage: Stage): Promise<boolean> {
  try {
    await stage.ask({ method: 'GET', host: DOMAIN, path: '/api/v1/status' });
    return true;
  } catch {
    return false;
  }
}
