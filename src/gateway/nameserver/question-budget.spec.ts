import { LookupLimiter } from '../lookup-limiter.js';
import { nameserverLimitsOf, NAMESERVER_LIMITS } from './nameserver-limits.js';
import { QuestionBudget } from './question-budget.js';

const ONE = '192.0.2.0/24';
const OTHER = '198.51.100.0/24';

function budgetAt(time: { now: number }, limiter = new LookupLimiter()) {
  return new QuestionBudget({ limits: NAMESERVER_LIMITS, limiter, now: () => time.now });
}

describe('QuestionBudget', () => {
  it('answers 200 datagrams of a network at once and 50 in a second, and asks every second one over it to come by TCP', () => {
    const time = { now: 0 };
    const budget = budgetAt(time);
    const charges = (count: number, network = ONE) =>
      Array.from({ length: count }, () => budget.chargeDatagram(network));
    expect(charges(204)).toEqual([
      ...Array.from({ length: 200 }, () => 'answer'),
      'drop',
      'truncate',
      'drop',
      'truncate',
    ]);
    expect(charges(1, OTHER)).toEqual(['answer']);
    expect(budget.chargeStreamed(ONE)).toBe(true);
    time.now += 1000;
    expect(charges(51).filter((charge) => charge === 'answer')).toHaveLength(50);
  });

  it('answers datagrams from everywhere up to a share of a core', () => {
    const budget = budgetAt({ now: 0 });
    const answered = Array.from({ length: 6000 }, (_, at) =>
      budget.chargeDatagram(`10.${at >> 8}.${at & 255}.0/24`),
    ).filter((charge) => charge === 'answer');
    expect(answered).toHaveLength(4000);
  });

  it('tells a network that has come by TCP from forged ones, and asks others to come so', () => {
    const time = { now: 0 };
    const budget = budgetAt(time);
    const flood = (count: number) =>
      Array.from({ length: count }, (_, at) =>
        budget.chargeDatagram(`10.${at >> 8}.${at & 255}.0/24`),
      );
    flood(4000);
    expect(budget.chargeDatagram(ONE)).toBe('truncate');
    expect(budget.chargeStreamed(ONE)).toBe(true);
    // One of its 200 is gone.
    const charges = Array.from({ length: 199 }, () => budget.chargeDatagram(ONE));
    expect(new Set(charges)).toEqual(new Set(['answer']));
    expect(new Set(flood(4000).slice(-1))).toEqual(new Set(['drop']));
    // Its own limit stays.
    for (let at = 0; at < 10; at += 1) budget.chargeDatagram(ONE);
    expect(budget.chargeDatagram(ONE)).not.toBe('answer');
  });

  it('answers other networks while one floods', () => {
    const budget = budgetAt({ now: 0 });
    const flood = Array.from({ length: 12_000 }, () => budget.chargeDatagram(ONE));
    expect(flood.filter((charge) => charge === 'truncate')).toHaveLength(4000);
    expect(budget.chargeDatagram(OTHER)).toBe('answer');
  });

  it('bounds the reads of datagrams that find nothing, for a network and for all of them', () => {
    const limiter = new LookupLimiter();
    const budget = budgetAt({ now: 0 }, limiter);
    const taken = (network: string) =>
      Array.from({ length: 150 }, () => budget.takeRead(network, 'udp')).filter(Boolean).length;
    expect(taken(ONE)).toBe(100);
    budget.returnRead(ONE, 'udp');
    expect(budget.takeRead(ONE, 'udp')).toBe(true);
    const all = Array.from({ length: 9 }, (_, at) => taken(`10.0.${at}.0/24`));
    expect(all.reduce((sum, count) => sum + count)).toBe(300);
    // Nobody else pays for who forges a source.
    expect(limiter.takeToken(ONE)).toBe(true);
    expect(budget.takeRead(ONE, 'tcp')).toBe(true);
  });

  it('is divided by the processes on a port', () => {
    const { answerBurst, connectionsPerNetwork, idleMs } = nameserverLimitsOf(3);
    expect([answerBurst, connectionsPerNetwork, idleMs]).toEqual([67, 3, 5000]);
    const limits = nameserverLimitsOf(4);
    const time = { now: 0 };
    const limiter = new LookupLimiter();
    const budget = new QuestionBudget({ limits, limiter, now: () => time.now });
    const taken = () =>
      Array.from({ length: 100 }, () => budget.takeRead(ONE, 'udp')).filter(Boolean).length;
    expect(taken()).toBe(25);
    time.now += 1000;
    expect(taken()).toBe(3);
  });
});
