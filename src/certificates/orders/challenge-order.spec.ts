import { ACME_ERROR } from '../../acme/acme-problem.js';
import type { ChallengeType } from '../../acme/authorize-order.js';
import { orderChallenges, type LastAttempt } from './challenge-order.js';

const BOTH: readonly ChallengeType[] = ['dns-01', 'http-01', 'tls-alpn-01'];

function last(
  challengeType: ChallengeType | null,
  failure: string | null = null,
  attempts = failure === null ? 0 : 1,
): LastAttempt {
  const problem =
    failure === null
      ? null
      : { type: failure, status: 403, detail: '', subproblems: [], ca: 'ca', unpauseUrl: null };
  return { challengeType, attempts, problem };
}

const order = (challengeTypes: readonly ChallengeType[], tried: LastAttempt, isUncertain = false) =>
  orderChallenges({ challengeTypes, isUncertain }, tried);

describe(orderChallenges, () => {
  it('takes the best first when nothing was tried', () => {
    expect(order(BOTH, last(null))).toEqual(BOTH);
  });

  it.each(['dns', 'unauthorized', 'incorrectResponse'])(
    'tries the others after dns-01 failed with %s, and then dns-01 again',
    (name) => {
      const failure = ACME_ERROR + name;
      expect(order(BOTH, last('dns-01', failure))).toEqual(['http-01', 'tls-alpn-01', 'dns-01']);
      expect(order(BOTH, last('http-01', failure, 2))).toEqual(BOTH);
      expect(order(BOTH, last('dns-01', failure, 3))[0]).toBe('http-01');
    },
  );

  it('treats a record that stands like a delegation', () => {
    const types: ChallengeType[] = ['dns-persist-01', 'http-01'];
    const failed = last('dns-persist-01', `${ACME_ERROR}unauthorized`);
    expect(order(types, failed)).toEqual(['http-01', 'dns-persist-01']);
    expect(order(types, last('http-01', `${ACME_ERROR}connection`, 2))).toEqual(types);
  });

  it('keeps dns-01 after a failure of the CA', () => {
    expect(order(BOTH, last('dns-01', `${ACME_ERROR}rateLimited`))).toEqual(BOTH);
    expect(order(BOTH, last('dns-01', 'connection'))).toEqual(BOTH);
  });

  it('keeps the only one', () => {
    expect(order(['dns-01'], last('dns-01', `${ACME_ERROR}dns`))).toEqual(['dns-01']);
  });

  it('never puts http-01 before tls-alpn-01, nor adds one', () => {
    expect(order(['tls-alpn-01'], last('http-01', `${ACME_ERROR}dns`))).toEqual(['tls-alpn-01']);
  });

  it('keeps what worked last while the delegation cannot be looked up', () => {
    expect(order(BOTH, last('http-01'), true)).toEqual(['http-01', 'dns-01', 'tls-alpn-01']);
    expect(order(BOTH, last('http-01'), false)).toEqual(BOTH);
    expect(order(['http-01'], last('dns-01'), true)).toEqual(['http-01']);
  });
});
