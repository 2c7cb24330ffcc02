import { AcmeProblem, localProblem } from '../../acme/acme-problem.js';
import { backoffSeconds, judgeFailure, type FailedAttempt } from './failure-policy.js';

const URN = 'urn:ietf:params:acme:error:';
const ATTEMPT: FailedAttempt = {
  hostname: 'secrets.acme.example',
  registrableDomain: 'acme.example',
  attempts: 0,
  orderFailures: 0,
};
const judge = (problem: AcmeProblem, failed: Partial<FailedAttempt> = {}) =>
  judgeFailure(problem, { ...ATTEMPT, ...failed }, () => 0);
const limited = (detail: string, retryAfterSeconds: number | null = 7200) =>
  new AcmeProblem(`${URN}rateLimited`, 429, detail, { retryAfterSeconds });

describe('judgeFailure', () => {
  it('backs off from a minute to a day', () => {
    expect([1, 2, 3, 4, 50].map((attempts) => backoffSeconds(attempts, () => 0))).toEqual([
      60, 600, 6000, 86_400, 86_400,
    ]);
    expect(backoffSeconds(1, () => 1)).toBe(66);
  });

  it.each([
    ['too many certificates already issued for "acme.example"', 'domain:acme.example'],
    ['too many failures for "secrets.acme.example"', 'name:secrets.acme.example'],
    ['too many certificates (50) already issued for acme.example in 168h', 'domain:acme.example'],
    [
      'too many certificates (5) issued for this exact set of identifiers',
      'name:secrets.acme.example',
    ],
    ['too many failed authorizations (5)', 'name:secrets.acme.example'],
    ['too many new orders from this account', 'all'],
  ])('places the hold on what the limit counts by: %s', (detail, scope) => {
    expect(judge(limited(detail))).toMatchObject({
      isCaFault: true,
      hold: { scope, reason: 'rate_limit', seconds: 7200 },
      heldBy: 'rate_limit',
      countsAttempt: false,
      keepsOrder: true,
    });
  });

  it('reads the scope of a rate limit in its subproblems, and at an apex by its words', () => {
    const inside = { type: `${URN}rateLimited`, detail: 'for "secrets.acme.example"' };
    const problem = new AcmeProblem(`${URN}rateLimited`, 429, 'several', { subproblems: [inside] });
    expect(judge(problem).hold?.scope).toBe('name:secrets.acme.example');
    const apex = { hostname: 'acme.example' };
    const issued = limited('too many certificates (50) already issued for "acme.example"');
    expect(judge(issued, apex).hold?.scope).toBe('domain:acme.example');
    const failed = limited('too many failed authorizations (5) for "acme.example"');
    expect(judge(failed, apex).hold?.scope).toBe('name:acme.example');
  });

  it('waits ten minutes for a rate limit without Retry-After', () => {
    expect(judge(limited('slow down', null)).waitSeconds).toBe(600);
  });

  it.each([
    [new AcmeProblem('about:blank', 503, 'maintenance', { retryAfterSeconds: 90 }), 90],
    [localProblem('connection', 'refused').asServiceProblem(), null],
    [new AcmeProblem(`${URN}serverInternal`, 500, 'no nonce').asServiceProblem(), null],
  ])('treats %s as a fault of the CA for every name', (problem, seconds) => {
    expect(judge(problem)).toMatchObject({
      isCaFault: true,
      heldBy: 'ca_down',
      hold: { scope: 'all', seconds },
      countsAttempt: false,
      keepsOrder: true,
    });
  });

  it.each([
    new AcmeProblem(`${URN}serverInternal`, 500, 'Error creating new order'),
    new AcmeProblem('about:blank', 502, 'bad gateway'),
    localProblem('connection', 'reset'),
    localProblem('unreadable_answer', 'no order'),
  ])('lets only the name wait for %s, and lets another CA try', (problem) => {
    const verdict = { isCaFault: true, isServerError: true, hold: null, countsAttempt: true };
    expect(judge(problem)).toMatchObject({ ...verdict, keepsOrder: true, waitSeconds: 5 });
    expect(judge(problem, { attempts: 2, orderFailures: 2 })).toMatchObject({
      ...verdict,
      keepsOrder: false,
      waitSeconds: 6000,
    });
  });

  it('does not let another CA attempt a name that failed to validate', () => {
    const problem = new AcmeProblem(`${URN}unauthorized`, 403, 'wrong', { source: 'object' });
    expect(judge(problem, { attempts: 1 })).toMatchObject({
      isCaFault: false,
      hold: null,
      keepsOrder: false,
      countsAttempt: true,
      waitSeconds: 600,
    });
  });

  it('downloads a broken certificate twice more before it orders another', () => {
    const problem = localProblem('certificate_wrong_key', 'another key');
    const keeps = [0, 1, 2].map((orderFailures) => judge(problem, { orderFailures }).keepsOrder);
    expect(keeps).toEqual([true, true, false]);
  });

  it('retries a paused or rejected name after a day', () => {
    const paused = new AcmeProblem(`${URN}rateLimited`, 429, 'see https://ca.example/unpause?x');
    expect(judge(paused)).toMatchObject({ isCaFault: false, waitSeconds: 86_400 });
    const refused = new AcmeProblem(`${URN}rejectedIdentifier`, 400, 'policy');
    expect(judge(refused)).toMatchObject({ isCaFault: false, waitSeconds: 86_400 });
  });
});
