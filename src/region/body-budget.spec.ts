import { SECOND } from '../shared/durations.js';
import { BodyBudget, type HeldBody } from './body-budget.js';
import { BODY_LIMITS } from './body-limits.js';

const { bytesMax, bytesInAll, bytesKept, bytesOfLittle } = BODY_LIMITS;

/** Opens a body of an address of the network, and takes so many bytes for it. */
function hold(budget: BodyBudget, network: string, bytes: number): [HeldBody, string | null] {
  const body = budget.open({
    networks: [`${network}.1/32`, `${network}.0/24`],
    isGone: () => false,
    onLate: () => undefined,
    endConnection: () => false,
  });
  return [body, body.reserve(bytes)];
}

function fill(budget: BodyBudget): HeldBody[] {
  const bodies: HeldBody[] = [];
  for (let index = 0; ; index += 1) {
    const [body, refusal] = hold(budget, `10.0.${index}`, bytesMax);
    bodies.push(body);
    if (refusal !== null) return bodies;
  }
}

describe('the memory for request bodies', () => {
  let budget: BodyBudget;
  let held: HeldBody[];
  beforeEach(() => {
    budget = new BodyBudget({ limitsNetworks: true });
    held = fill(budget);
  });
  afterEach(() => held.forEach((body) => body.release()));

  it('keeps a part for networks that hold little, when large bodies use up the rest', () => {
    expect(budget.bytes).toBe(bytesInAll - bytesKept);
    const [small, refusal] = hold(budget, '203.0.113', bytesOfLittle);
    held.push(small);
    expect(refusal).toBeNull();
    // Not for one that would hold more with the next body, from whichever address.
    const [next, refused] = hold(budget, '203.0.113', 1);
    held.push(next);
    expect(refused).toBe('all');
  });

  it('is bounded for networks that hold little as well', () => {
    for (let index = 0; index < bytesKept / bytesOfLittle; index += 1) {
      const [body, refusal] = hold(budget, `172.16.${index}`, bytesOfLittle);
      held.push(body);
      expect(refusal).toBeNull();
    }
    const [last, refusal] = hold(budget, '203.0.113', 1);
    held.push(last);
    expect([refusal, budget.bytes]).toEqual(['all', bytesInAll]);
  });

  it('is free again when all bodies are released', () => {
    held.forEach((body) => body.release());
    expect([budget.bytes, budget.count]).toEqual([0, 0]);
  });
});

describe('a body that is slow', () => {
  let now = 0;
  const late: string[] = [];
  const ended: string[] = [];
  const budget = new BodyBudget({ limitsNetworks: true, now: () => now });
  const open = (name: string): HeldBody =>
    budget.open({
      networks: [`${name}/32`, `${name}/24`],
      isGone: () => false,
      onLate: () => late.push(name),
      endConnection: () => name !== 'one of many' && ended.push(name) > 0,
    });

  it('has a grace, and a shorter one when others need its connection', () => {
    const slow = open('slow');
    const quick = open('quick');
    quick.receive(100_000);
    now = 5 * SECOND;
    budget.check();
    expect(late).toEqual([]);
    budget.hurry();
    expect(late).toEqual(['slow']);
    now = 60 * SECOND;
    budget.check();
    expect(late).toEqual(['slow', 'quick']);
    for (const body of [slow, quick]) body.release();
  });

  it('gives its connection to another, unless that carries other requests or the body is complete', () => {
    now = 0;
    const [many, whole, old] = [open('one of many'), open('whole'), open('old')];
    whole.complete();
    now = SECOND;
    const young = open('young');
    expect(budget.endOldest(2 * SECOND)).toBe(false);
    expect(budget.endOldest(SECOND)).toBe(true);
    expect(ended).toEqual(['old']);
    old.release();
    expect(budget.endOldest(SECOND)).toBe(false);
    for (const body of [many, whole, young]) body.release();
    expect(ended).toEqual(['old']);
  });
});
