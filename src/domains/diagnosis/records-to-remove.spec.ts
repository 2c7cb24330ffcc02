import {
  apexFacts,
  CHALLENGE,
  DELEGATION_TARGET,
  found,
  FOREIGN_ADDRESS,
  healthyFacts,
  NODATA,
  OUR_ADDRESS,
  OUR_IPV6,
  TARGET,
} from '../../../test/fakes/domain-facts.js';
import type { DomainFacts } from '../domain-facts.js';
import { diagnose } from './diagnose.js';
import { recordsToRemove } from './records-to-remove.js';

const removedOf = (facts: DomainFacts) =>
  recordsToRemove(facts, diagnose(facts).records).map(({ name, type, values }) => [
    name,
    type,
    ...values,
  ]);

function delegated(changes: Partial<DomainFacts> = {}): DomainFacts {
  const healthy = healthyFacts();
  const name = '_acme-challenge.secrets.example.com';
  return healthyFacts({
    expected: {
      ...healthy.expected,
      delegation: { name, target: DELEGATION_TARGET, isOffered: true },
    },
    acmeChallenge: { cname: found(DELEGATION_TARGET), txt: NODATA, wildcard: false, foundAt: null },
    delegation: { ...healthy.delegation, state: 'ready' },
    ...changes,
  });
}

describe(recordsToRemove, () => {
  it('has the proof, the routing record and the delegation', () => {
    expect(removedOf(delegated())).toEqual([
      ['_onetime-challenge-a1b2c3d.secrets', 'TXT', CHALLENGE],
      ['secrets', 'CNAME', TARGET],
      ['_acme-challenge.secrets', 'CNAME', DELEGATION_TARGET],
    ]);
  });

  it('has a delegation that was seen before, by whatever name it leads to us', () => {
    const cname = found('acme.example.com', DELEGATION_TARGET);
    const acmeChallenge = { cname, txt: NODATA, wildcard: false, foundAt: null };
    expect(removedOf(delegated({ acmeChallenge })).at(-1)).toEqual([
      '_acme-challenge.secrets',
      'CNAME',
      DELEGATION_TARGET,
    ]);
  });

  it('has the addresses of an apex', () => {
    expect(removedOf(apexFacts())).toContainEqual(['@', 'A', OUR_ADDRESS]);
    expect(removedOf(apexFacts())).toContainEqual(['@', 'AAAA', OUR_IPV6]);
  });

  it('has nothing of somebody else, and no CAA record', () => {
    const away = { a: found(FOREIGN_ADDRESS), aaaa: NODATA, cname: NODATA, txt: found('other') };
    const caa = {
      status: 'ok' as const,
      foundAt: 'example.com',
      records: [{ critical: false, tag: 'issue', value: 'other.example' }],
    };
    expect(removedOf(healthyFacts({ ...away, caa }))).toEqual([]);
    const taken = { cname: found('x.cdn.example'), txt: NODATA, wildcard: false, foundAt: null };
    const delegation = { ...healthyFacts().delegation, state: 'elsewhere' as const };
    expect(removedOf(delegated({ ...away, acmeChallenge: taken, delegation }))).toEqual([]);
  });
});
