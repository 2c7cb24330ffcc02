import type { FastifyRequest } from 'fastify';
import { apexFacts } from '../../../test/fakes/domain-facts.js';
import { apex, MISSING, www, wwwFacts } from '../../../test/fakes/sample-pair.js';
import type { Account } from '../../accounts/account.js';
import type { Caller } from '../../auth/caller.js';
import type { CertificatesService } from '../../certificates/certificates.service.js';
import type { ClockWatch } from '../../database/clock-watch.js';
import { setupPicture } from '../../domains/connect/setup-picture.js';
import type { Domain } from '../../domains/domain.js';
import type { DomainFacts } from '../../domains/domain-facts.js';
import type { DomainsService } from '../../domains/domains.service.js';
import type { DomainOffers } from '../../setup/domain-offers.js';
import { DomainViews } from '../../setup/domain-views.js';
import type { ProgressStreams, Watched } from '../../setup/progress-streams.js';
import { progressOf } from '../../setup/setup-progress.js';
import type { SetupVisits } from '../../setup/setup-visits.js';
import { AppError } from '../../shared/app-error.js';
import { SystemClock } from '../../shared/clock.js';
import { ProgressController } from './progress.controller.js';

const APEX = apex({ serviceId: 'apex' });
const WWW = www({ extid: 'www-extid' });
const ACCOUNT = { id: APEX.accountId, plan: 'identity_plus' } as Account;

/** An apex and its `www`, whose records the DNS provider can make by one link. */
function aPair() {
  const state = { claims: [APEX, WWW], ofWww: wwwFacts() };
  const own = new Map([[APEX.hostname, { ...WWW, redirects: 'to' }]]);
  const domains = {
    facts: ({ isApex }: Domain) => (isApex ? apexFacts(MISSING) : state.ofWww),
    otherNames: async () => ({ own, claimed: new Set() }),
    get: async (_account: string, extid: string) => {
      const claim = state.claims.find((each) => each.extid === extid);
      if (claim === undefined) throw new AppError('not_found', 'There is no such domain.');
      return claim;
    },
  } as unknown as DomainsService;
  const offers = {
    connect: {
      refresh: async () => undefined,
      pictureOf: (domain: Domain, facts: DomainFacts) =>
        setupPicture(domain, facts, {
          serviceId: 'apex',
          keyState: 'published',
          now: new Date(),
        }),
      linksOf: async () => null,
    },
    transfers: {
      offers: { openOf: async () => new Map() },
      moves: { ofDomains: async () => new Map(), watch: async () => undefined },
    },
  } as unknown as DomainOffers;
  const clocks = { worstSeconds: null } as ClockWatch;
  const views = new DomainViews(
    domains,
    {} as CertificatesService,
    new SystemClock(),
    clocks,
    offers,
  );
  return { state, domains, views };
}

/** What a stream of the apex watches. */
async function watchedOf({ domains, views }: ReturnType<typeof aPair>): Promise<Watched> {
  const opened: Watched[] = [];
  const streams = {
    open: (_watcher: unknown, watched: Watched) => String(opened.push(watched)),
  } as unknown as ProgressStreams;
  const controller = new ProgressController(domains, views, {} as SetupVisits, streams);
  const caller = { account: ACCOUNT, session: { id: 'session' } } as unknown as Caller;
  await controller.ofAccount(caller, APEX.extid, { method: 'GET' } as FastifyRequest);
  const [watched] = opened;
  if (watched === undefined) throw new Error('no stream was opened');
  return watched;
}

describe('the stream of the set-up page of an apex', () => {
  it('has the page’s version while one link is offered for it and its www, and moves with both', async () => {
    const pair = aPair();
    const { hostname, other, load } = await watchedOf(pair);
    expect([hostname, other]).toEqual([APEX.hostname, WWW.hostname]);
    const page = () => pair.views.forOwner(APEX, ACCOUNT);
    const shown = await page();
    expect(shown.connect?.pair).toMatchObject({ hostname: WWW.hostname });
    expect(await load()).toEqual(progressOf(shown));
    pair.state.ofWww = wwwFacts({ a: { status: 'ok', values: ['198.51.100.7'], ttlSeconds: 1 } });
    const moved = await load();
    expect(moved).toEqual(progressOf(await page()));
    expect(moved?.issues).toContain('SETUP_REPLACES_RECORDS');
    expect(moved?.version).not.toBe(progressOf(shown).version);
  });

  it('goes on, as the page does, when the www is removed between two reads', async () => {
    const pair = aPair();
    const { load } = await watchedOf(pair);
    pair.state.claims = [APEX];
    const shown = await pair.views.forOwner(APEX, ACCOUNT);
    expect(shown.connect?.pair).toBeNull();
    expect(await load()).toEqual(progressOf(shown));
  });
});
