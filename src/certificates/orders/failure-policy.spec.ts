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

  it('waits ten minutes for a rate limit without Retry-After', () => {
    expect(judge(limited('slow down', null)).waitSeconds).toBe(600);
  });

  it.each([
    [new AcmeProblem('about:blank', 503, 'maintenance', { retryAfterSeconds: 90 }), 90],
    [localProblem('connection', 'reset'), null],
  ])('treats %s as a fault of the CA', (problem, seconds) => {
    expect(judge(problem)).toMatchObject({
      isCaFault: true,
      heldBy: 'ca_down',
      hold: { scope: 'all', seconds },
      countsAttempt: false,
      keepsOrder: true,
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
