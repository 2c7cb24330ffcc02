import type { Region } from '../../config/region.js';
import { DnsZone } from '../../dns/dns-zone.js';
import { AppliedTemplates } from '../../../test/support/dns-provider-zone.js';
import { applyQuery, type TemplateGroup } from './apply-query.js';
import { subdomainTemplate } from './templates.js';

const TEMPLATE = subdomainTemplate(
  {
    baseDomain: 'onetime.example',
    providerId: 'onetime.example',
    publicKeyDomain: 'onetime.example',
    name: 'Onetime',
    version: 1,
    hosts: ['eu.onetime.example'],
  },
  true,
);
const NAME = 'secrets.acme.test';
const OURS = [
  `CNAME _acme-challenge.${NAME} k3v9q2m8x7c1b5n0.acme.eu.onetime.example`,
  `TXT _onetime-challenge-a1b2c3d.${NAME} 0123456789abcdef0123456789abcdef`,
];
const SWITCHED = `CNAME ${NAME} k3v9q2m8x7c1b5n0.eu.ingress.onetime.example`;

function parametersOf(groups: readonly TemplateGroup[] | null): URLSearchParams {
  const query = applyQuery({
    zone: 'acme.test',
    host: 'secrets',
    variables: {
      region: 'eu' as Region,
      target: 'k3v9q2m8x7c1b5n0',
      challenge: 'a1b2c3d',
      proof: '0123456789abcdef0123456789abcdef',
    },
    groups,
    redirectUri: 'https://eu.onetime.example/domain-connect/return/x',
  });
  return new URLSearchParams(query);
}

describe.each([
  { isStateful: false, ignoresGroups: false },
  { isStateful: true, ignoresGroups: false },
  { isStateful: true, ignoresGroups: true },
])('preparing and then switching at a provider that is %j', (modes) => {
  const zone = new DnsZone();
  const applied = new AppliedTemplates(zone);
  const records = () => zone.list().map(({ type, name, value }) => `${type} ${name} ${value}`);
  zone.set(NAME, 'A', ['198.51.100.7']);
  zone.set(NAME, 'MX', ['10 mail.acme.test']);
  zone.set('acme.test', 'MX', ['10 mail.acme.test']);

  it('leaves the name where it leads until the switch', () => {
    applied.apply(TEMPLATE, parametersOf(['certify', 'prove']), modes);
    const others = modes.ignoresGroups
      ? [SWITCHED]
      : [`A ${NAME} 198.51.100.7`, `MX ${NAME} 10 mail.acme.test`];
    expect(records().toSorted()).toEqual(
      [...OURS, ...others, 'MX acme.test 10 mail.acme.test'].toSorted(),
    );
  });

  it('has all records after it, and removes nothing of the zone itself', () => {
    applied.apply(TEMPLATE, parametersOf(null), modes);
    expect(records().toSorted()).toEqual(
      [...OURS, SWITCHED, 'MX acme.test 10 mail.acme.test'].toSorted(),
    );
  });
});
