import * as fc from 'fast-check';
import { CHALLENGE, healthyFacts, OUR_ADDRESS, TARGET } from '../../../test/fakes/domain-facts.js';
import type { DnsAnswer } from '../../dns/dns-answer.js';
import type { DomainFacts } from '../domain-facts.js';
import { diagnose } from './diagnose.js';

describe('diagnose() of arbitrary facts', () => {
  const name = fc.oneof(
    fc.domain(),
    fc.string(),
    fc.constantFrom(TARGET, 'example.com', 'x.us.ingress.onetime.example', ''),
  );
  const value = fc.oneof(name, fc.ipV4(), fc.ipV6(), fc.constantFrom(CHALLENGE, OUR_ADDRESS));
  const answer: fc.Arbitrary<DnsAnswer<string>> = fc.oneof(
    fc.record({
      status: fc.constant('ok' as const),
      values: fc.array(value, { maxLength: 12 }),
      ttlSeconds: fc.option(fc.nat()),
    }),
    fc.constantFrom(
      ...(['nodata', 'nxdomain', 'servfail', 'refused', 'timeout', 'error'] as const).map(
        (status) => ({ status }),
      ),
    ),
  );
  const changes: fc.Arbitrary<Partial<DomainFacts>> = fc.record(
    {
      hostname: name,
      zone: name,
      isApex: fc.boolean(),
      observedAt: fc.string(),
      a: answer,
      aaaa: answer,
      cname: answer,
      txt: answer,
      txtDoubled: answer,
      txtAtName: answer,
      nameServers: fc.array(name, { maxLength: 3 }),
      nameServersOf: fc.option(name),
      cnameSiblings: fc.array(fc.string(), { maxLength: 3 }),
      conflict: fc.boolean(),
      wildcard: fc.boolean(),
      dnssecBogus: fc.boolean(),
      zoneStatus: fc.constantFrom('exists' as const, 'nxdomain' as const, 'unknown' as const),
      clockSkewSeconds: fc.option(fc.double()),
      caa: fc.record({
        status: fc.constantFrom('ok' as const, 'unanswerable' as const),
        foundAt: fc.option(name),
        records: fc.array(
          fc.record({ critical: fc.boolean(), tag: fc.string(), value: fc.string() }),
        ),
      }),
      cas: fc.array(
        fc.record({ domain: name, accountUri: fc.option(name), methods: fc.array(fc.string()) }),
      ),
      ownership: fc.record({
        state: fc.constantFrom('pending', 'verified', 'lapsed', 'conflict', 'revoked', '?'),
        provenAt: fc.option(fc.string()),
        missingSince: fc.option(fc.string()),
      }),
      probe: fc.record({
        status: fc.constantFrom(
          ...(['ours', 'redirected', 'html', 'timeout', 'other_region', 'http_error'] as const),
        ),
        address: fc.option(fc.ipV4()),
        httpStatus: fc.option(fc.nat()),
        location: fc.option(fc.oneof(fc.webUrl(), fc.string())),
        server: fc.option(fc.string()),
        viaHttps: fc.boolean(),
      }),
      certificate: fc.option(
        fc.record({
          state: fc.string(),
          heldBy: fc.constantFrom('none', 'ca_down', 'rate_limit'),
          nextAt: fc.option(fc.string()),
          problem: fc.option(
            fc.record({
              type: fc.oneof(fc.string(), fc.constant('urn:ietf:params:acme:error:rateLimited')),
              status: fc.nat(),
              detail: fc.string(),
              subproblems: fc.array(fc.record({ type: fc.string(), detail: fc.string() })),
            }),
          ),
          notAfter: fc.option(fc.string()),
          renewAt: fc.option(fc.string()),
          source: fc.string(),
          asOf: fc.string(),
          isKeyReadable: fc.boolean(),
        }),
      ),
    },
    { requiredKeys: [] },
  );

  it('never throws, is pure, and refers to existing records only', () => {
    fc.assert(
      fc.property(changes, (each) => {
        const facts = healthyFacts(each);
        const before = JSON.stringify(facts);
        const { issues, records } = diagnose(facts);
        expect(diagnose(facts)).toEqual({ ...diagnose(facts), issues, records });
        expect(JSON.stringify(facts)).toBe(before);
        expect(new Set(issues.map(({ code }) => code)).size).toBe(issues.length);
        for (const { fix } of issues) {
          if (fix.recordRef !== null) expect(records[fix.recordRef]).toBeDefined();
        }
      }),
    );
  });
});
