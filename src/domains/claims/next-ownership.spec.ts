import { DAY, HOUR } from '../../shared/durations.js';
import {
  LAPSE_AFTER,
  loseName,
  MISSES_BEFORE_LAPSE,
  nextOwnership,
  type OwnershipObservation,
  type OwnershipOutcome,
} from './next-ownership.js';
import { LAPSED_GRACE, UNPROVEN, type Ownership } from '../ownership.js';
import type { Proof } from '../diagnosis/ownership-proof.js';

const now = new Date('2026-11-23T12:34:56Z');
const TXT: Proof = { txt: 'present', cname: 'absent' };
const CNAME: Proof = { txt: 'absent', cname: 'present' };
const BOTH: Proof = { txt: 'present', cname: 'present' };
const NOTHING: Proof = { txt: 'absent', cname: 'absent' };
const UNANSWERED: Proof = { txt: 'unknown', cname: 'unknown' };

function ago(duration: number): Date {
  return new Date(now.getTime() - duration);
}

function aClaim(changes: Partial<Ownership> = {}): Ownership {
  return {
    ownership: 'pending',
    challengeExpiresAt: new Date(now.getTime() + 20 * DAY),
    ...UNPROVEN,
    lostAt: null,
    ...changes,
  };
}

const verified = aClaim({ ownership: 'verified', verifiedAt: ago(90 * DAY), proofMethod: 'txt' });
const lapsed = aClaim({ ...verified, ownership: 'lapsed', lapsedAt: ago(DAY) });

function observe(claim: Ownership, seen: Partial<OwnershipObservation>): OwnershipOutcome {
  return nextOwnership(claim, {
    proof: NOTHING,
    isApex: false,
    holder: 'none',
    needsCnameProof: false,
    isVouched: false,
    now,
    ...seen,
  });
}

function eventTypes({ events }: OwnershipOutcome): string[] {
  return events.map(({ type }) => type);
}

it('needs no proof of its own while another region vouches for it', () => {
  const moved = aClaim({ ownership: 'verified', verifiedAt: ago(DAY), proofMethod: 'transfer' });
  const missed = { ...moved, proofMissingSince: ago(8 * DAY), proofMisses: 9, proofWarnings: 3 };
  expect(observe(missed, { isVouched: true })).toEqual({
    next: moved,
    events: [],
    takesOver: false,
  });
  expect(observe(missed, {}).next.ownership).toBe('lapsed');
});

describe('an unproven claim', () => {
  it.each([
    ['the TXT record', TXT, 'txt'],
    ['its own CNAME target', CNAME, 'cname'],
  ])('is proven by %s', (_, proof, method) => {
    const outcome = observe(aClaim(), { proof });
    expect(outcome.next).toMatchObject({
      ownership: 'verified',
      verifiedAt: now,
      proofMethod: method,
    });
    expect(eventTypes(outcome)).toEqual(['verified']);
  });

  it.each([
    ['absent', NOTHING],
    ['unknown', UNANSWERED],
  ])('stays pending without an event while its proof is %s', (_, proof) => {
    expect(observe(aClaim(), { proof })).toEqual({
      next: aClaim(),
      events: [],
      takesOver: false,
    });
  });

  it('is in conflict while another account holds the name, even with both records', () => {
    const outcome = observe(aClaim(), { proof: BOTH, holder: 'verified' });
    expect(outcome.next.ownership).toBe('conflict');
    expect(eventTypes(outcome)).toEqual(['conflict']);
    expect(observe(outcome.next, { proof: BOTH, holder: 'verified' }).events).toEqual([]);
  });

  it('is pending again when the name is free', () => {
    const outcome = observe(aClaim({ ownership: 'conflict' }), {});
    expect(outcome.next.ownership).toBe('pending');
    expect(eventTypes(outcome)).toEqual(['conflict_ended']);
  });

  it('takes the name from a holder whose claim has lapsed', () => {
    const claim = aClaim({ ownership: 'conflict' });
    const seen = { holder: 'lapsed', needsCnameProof: true } as const;
    expect(observe(claim, { ...seen, proof: BOTH })).toMatchObject({
      next: { ownership: 'verified' },
      takesOver: true,
    });
    expect(observe(claim, { ...seen, proof: NOTHING })).toMatchObject({
      next: { ownership: 'conflict' },
      takesOver: false,
    });
  });

  it.each([
    ['the TXT record alone', TXT, false, 'pending'],
    ['the CNAME alone', CNAME, false, 'pending'],
    ['the TXT record and an unknown CNAME', { txt: 'present', cname: 'unknown' }, false, 'pending'],
    ['both', BOTH, false, 'verified'],
    ['the TXT record at an apex', TXT, true, 'verified'],
  ] as const)('of a name in quarantine: %s', (_, proof, isApex, state) => {
    const outcome = observe(aClaim(), { proof, isApex, needsCnameProof: true });
    expect(outcome.next.ownership).toBe(state);
  });

  it.each(['pending', 'conflict'] as const)('ends when its challenge expires (%s)', (ownership) => {
    const outcome = observe(aClaim({ ownership, challengeExpiresAt: now }), { proof: BOTH });
    expect(outcome.next).toMatchObject({ ownership: 'revoked', lostAt: null });
    expect(eventTypes(outcome)).toEqual(['challenge_expired']);
  });
});

describe('a verified claim', () => {
  it('does not end when its challenge expires', () => {
    const old = aClaim({ ...verified, challengeExpiresAt: ago(60 * DAY) });
    expect(observe(old, { proof: TXT }).next).toEqual(old);
  });

  it('stays verified by the CNAME when the TXT record is removed', () => {
    expect(observe(verified, { proof: CNAME }).next).toMatchObject({
      ownership: 'verified',
      proofMethod: 'cname',
      proofMissingSince: null,
    });
  });

  it.each([
    ['no server answers', UNANSWERED],
    ['only the CNAME is known to be missing', { txt: 'unknown', cname: 'absent' }],
    ['only the TXT record is known to be missing', { txt: 'absent', cname: 'unknown' }],
  ] as const)('never lapses while %s', (_, proof) => {
    const missing = aClaim({
      ...verified,
      proofMissingSince: ago(100 * DAY),
      proofMisses: 100,
      proofWarnings: 3,
    });
    expect(observe(missing, { proof })).toEqual({ next: missing, events: [], takesOver: false });
  });

  it('warns on days 1, 3 and 5 and lapses on day 7, and not before', () => {
    const timeline: string[] = [];
    let claim = verified;
    for (let hours = 0; hours <= 7 * 24; hours += 6) {
      const at = new Date(now.getTime() + hours * HOUR);
      const outcome = observe(claim, { now: at });
      timeline.push(...eventTypes(outcome).map((type) => `${type} after ${hours} h`));
      claim = outcome.next;
    }
    expect(timeline).toEqual([
      'proof_missing after 24 h',
      'proof_missing after 72 h',
      'proof_missing after 120 h',
      'lapsed after 168 h',
    ]);
    expect(claim).toMatchObject({ ownership: 'lapsed', proofMissingSince: now });
  });

  it('does not lapse before a warning and five missed checks, whatever their dates', () => {
    let claim = observe(verified, {}).next;
    const late = { now: new Date(now.getTime() + 20 * DAY) };
    const types: string[] = [];
    for (let check = 2; check <= MISSES_BEFORE_LAPSE; check += 1) {
      const outcome = observe(claim, late);
      types.push(...eventTypes(outcome));
      claim = outcome.next;
      if (check < MISSES_BEFORE_LAPSE) expect(claim.ownership).toBe('verified');
    }
    expect(types).toEqual(['proof_missing', 'lapsed']);
  });

  it('counts from zero again after the proof was present', () => {
    const missing = aClaim({
      ...verified,
      proofMissingSince: ago(LAPSE_AFTER),
      proofMisses: 50,
      proofWarnings: 3,
    });
    const back = observe(missing, { proof: TXT });
    expect(back.next).toEqual(verified);
    expect(eventTypes(back)).toEqual(['proof_returned']);
    expect(observe(back.next, {}).next).toMatchObject({ ownership: 'verified', proofMisses: 1 });
  });
});

describe('a lapsed claim', () => {
  it('is verified again when the proof returns', () => {
    const outcome = observe(lapsed, { proof: CNAME });
    expect(outcome.next).toMatchObject({ ownership: 'verified', lapsedAt: null });
    expect(eventTypes(outcome)).toEqual(['proof_returned']);
  });

  it('is lost after 30 days, and not before', () => {
    const almost = aClaim({ ...lapsed, lapsedAt: ago(LAPSED_GRACE - 1) });
    expect(observe(almost, {}).next).toEqual(almost);
    const outcome = observe(aClaim({ ...lapsed, lapsedAt: ago(LAPSED_GRACE) }), {});
    expect(outcome.next).toMatchObject({ ownership: 'revoked', lostAt: now });
    expect(eventTypes(outcome)).toEqual(['lost']);
  });
});

describe('a claim that has ended', () => {
  it('is not proven again by any record', () => {
    const revoked = loseName(lapsed, now, 'proven_by_another_account').next;
    expect(observe(revoked, { proof: BOTH })).toEqual({
      next: revoked,
      events: [],
      takesOver: false,
    });
  });
});

it('returns ownership columns only', () => {
  const row = { ...verified, hostname: 'secrets.example.com' };
  expect(observe(row, { proof: TXT }).next).toEqual(verified);
  expect(loseName(row, now, 'proof_missing').next).not.toHaveProperty('hostname');
});
