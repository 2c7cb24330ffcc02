import { nameserverIssue } from './region-issues.js';

const TROUBLE = {
  zone: 'acme.eu.onetime.example',
  nameServers: ['ns1.eu.onetime.example'],
  finding: 'silent',
  checkedAt: new Date(),
} as const;

it.each([
  [true, 'Delegations are still advised'],
  [false, 'Delegations are not advised'],
])('the issue of an unreached name server says what is advised (%s)', (isOffered, words) => {
  const { detail, evidence } = nameserverIssue({ ...TROUBLE, isOffered });
  expect(detail).toContain(words);
  expect(evidence).toEqual({
    zone: TROUBLE.zone,
    nameServers: TROUBLE.nameServers,
    finding: 'silent',
  });
});
