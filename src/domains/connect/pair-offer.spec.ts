import {
  apexFacts,
  FOREIGN_ADDRESS,
  found,
  SERVFAIL,
  TARGET,
} from '../../../test/fakes/domain-facts.js';
import { apex, MISSING, www, wwwFacts } from '../../../test/fakes/sample-pair.js';
import { requireHostname } from '../../shared/hostname.js';
import type { Domain } from '../domain.js';
import type { DomainFacts } from '../domain-facts.js';
import { setupPicture, withPair, type SetupPicture } from './setup-picture.js';

function pictureOf(domain: Domain, changes: Partial<DomainFacts> = {}): SetupPicture {
  return setupPicture(domain, apexFacts({ ...MISSING, ...changes }), {
    serviceId: 'custom-domain-apex-eu-basic',
    keyState: 'published',
    now: new Date(),
  });
}

describe(withPair, () => {
  it('has the record of www beside those of its apex, and what that replaces', () => {
    const both = withPair(pictureOf(apex()), apex(), {
      domain: www(),
      facts: wwwFacts({ a: found(FOREIGN_ADDRESS) }),
    });
    expect(both.pair).toEqual({
      hostname: 'www.example.com',
      name: 'www',
      targetLabel: www().targetLabel,
      value: TARGET,
    });
    const replaced = [{ name: 'www', type: 'A', values: [FOREIGN_ADDRESS] }];
    expect(both.replaces).toEqual(replaced);
    expect(both.facts?.replaces).toEqual(replaced);
  });

  it.each<[string, Domain, Domain, DomainFacts, Partial<DomainFacts>]>([
    [
      'the provider has only the other template',
      apex({ hasPairTemplate: false }),
      www(),
      wwwFacts(),
      {},
    ],
    ['another account holds www', apex(), www({ ownership: 'conflict' }), wwwFacts(), {}],
    ['another account had www lately', apex(), www({ needsCnameProof: true }), wwwFacts(), {}],
    ['the operator blocks www', apex(), www({ blockedAt: new Date() }), wwwFacts(), {}],
    ['the claim to www has ended', apex(), www({ ownership: 'revoked' }), wwwFacts(), {}],
    ['www leads here already', apex(), www(), wwwFacts({ cname: found(TARGET) }), {}],
    ['nobody knows what is at www', apex(), www(), wwwFacts({ cname: SERVFAIL }), {}],
    ['mail at www cannot be seen', apex(), www(), wwwFacts({ mx: SERVFAIL }), {}],
    [
      'the other claim is to another name',
      apex(),
      www({ hostname: requireHostname('shop.example.com') }),
      wwwFacts(),
      {},
    ],
    ['no link is offered', apex(), www(), wwwFacts(), { txt: SERVFAIL }],
  ])('is of the apex alone where %s', (_what, domain, other, facts, apexChanges) => {
    const picture = pictureOf(domain, apexChanges);
    expect(withPair(picture, domain, { domain: other, facts })).toBe(picture);
  });
});
