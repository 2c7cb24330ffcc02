import { NO_LOOK } from '../domains/domain-look.js';
import { NO_POLICY } from '../domains/domain-policy.js';
import type { AccountId } from '../accounts/account.js';
import type { Region } from '../config/region.js';
import type { DomainId } from '../domains/domain.js';
import type { ServedDomain } from '../domains/serving/served-domain.js';
import { AppError } from '../shared/app-error.js';
import { requireHostname } from '../shared/hostname.js';
import { CustomDomainLookup, type LookupCell } from './custom-domain-lookup.js';
import { LookupLimiter } from './lookup-limiter.js';

const NAME = requireHostname('secrets.example.com');
const NETWORK = '192.0.2.0/24';

const aDomain = (pointedAt: Date | null): ServedDomain => ({
  domainId: 'd' as DomainId,
  hostname: NAME,
  ownerId: 'a' as AccountId,
  apiEnabled: false,
  homepageEnabled: false,
  policy: NO_POLICY,
  look: NO_LOOK,
  lookDomainId: 'd' as DomainId,
  ownerPlan: 'identity_plus',
  pointedAt,
  redirectsTo: null,
});

type Knowledge = ServedDomain | null | 'unreachable';

/** A cell with one name. The first lookup of a name that is not cached costs one query. */
class FakeCell implements LookupCell {
  queries = 0;
  readonly region: Region;

  constructor(
    region: string,
    private readonly truth: Knowledge,
    private isCached = false,
  ) {
    this.region = region as Region;
  }

  readonly names = {
    isKnown: () => this.isCached,
    findDomain: () => {
      if (this.isCached) return this.truth as ServedDomain | null;
      this.queries += 1;
      if (this.truth === 'unreachable') return Promise.reject(new AppError('unavailable', 'away'));
      this.isCached = true;
      return Promise.resolve(this.truth);
    },
  };
}

const namesOf = (cells: readonly FakeCell[], burst = 10) =>
  new CustomDomainLookup(() => cells, new LookupLimiter({ burst, perSecond: 0 }));

describe('CustomDomainLookup', () => {
  it('answers without a query for a cached name, served or not', () => {
    const served = new FakeCell('eu', aDomain(null), true);
    expect(namesOf([served]).find(NAME, null)).toMatchObject({ cell: served });
    expect(namesOf([new FakeCell('eu', null, true)]).find(NAME, null)).toBeNull();
  });

  it('queries each cell once for a name that is not cached', async () => {
    const cells = [new FakeCell('us', null), new FakeCell('eu', aDomain(null))];
    const names = namesOf(cells);
    expect(await names.find(NAME, NETWORK)).toMatchObject({ cell: cells[1] });
    await names.find(NAME, NETWORK);
    expect(cells.map(({ queries }) => queries)).toEqual([1, 1]);
  });

  it('makes no query for a network without tokens, and takes tokens only for names that are not found', async () => {
    const limiter = new LookupLimiter({ burst: 2, perSecond: 0 });
    const find = (cell: FakeCell) =>
      new CustomDomainLookup(() => [cell], limiter).find(NAME, NETWORK);
    for (let hit = 0; hit < 5; hit += 1)
      expect(await find(new FakeCell('eu', aDomain(null)))).not.toBeNull();
    await find(new FakeCell('eu', null));
    await find(new FakeCell('eu', null));
    const late = new FakeCell('eu', aDomain(null));
    expect(find(late)).toBeNull();
    expect(late.queries).toBe(0);
    const known = new FakeCell('eu', aDomain(null), true);
    expect(find(known)).not.toBeNull();
  });

  it('makes no query without a network to charge', () => {
    const cell = new FakeCell('eu', aDomain(null));
    expect(namesOf([cell]).find(NAME, null)).toBeNull();
    expect(cell.queries).toBe(0);
  });

  it.each([
    [new Date(2), new Date(1), 'us'],
    [new Date(1), new Date(2), 'eu'],
    [null, new Date(1), 'eu'],
    [new Date(1), null, 'us'],
  ])(
    'gives a name that two regions have proven to the region that its DNS points to (%p, %p)',
    (us, eu, expected) => {
      const cells = [new FakeCell('us', aDomain(us), true), new FakeCell('eu', aDomain(eu), true)];
      expect(namesOf(cells).find(NAME, NETWORK)).toMatchObject({ cell: { region: expected } });
    },
  );

  it('serves from the region that the DNS points to while another region cannot answer', async () => {
    const cells = [new FakeCell('us', 'unreachable'), new FakeCell('eu', aDomain(new Date(1)))];
    expect(await namesOf(cells).find(NAME, NETWORK)).toMatchObject({ cell: { region: 'eu' } });
  });

  it.each([[null], [aDomain(null)]])(
    'is unavailable while the region that the DNS may point to cannot answer (%p)',
    async (eu) => {
      const cells = [new FakeCell('us', 'unreachable'), new FakeCell('eu', eu)];
      await expect(namesOf(cells).find(NAME, NETWORK)).rejects.toMatchObject({
        code: 'unavailable',
      });
    },
  );
});
