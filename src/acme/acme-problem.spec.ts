import { AcmeProblem, localProblem, problemFromAnswer, problemFromObject } from './acme-problem.js';
import { classify } from './classify-problem.js';

const NOW = new Date('2026-11-23T12:00:00Z');
const URN = 'urn:ietf:params:acme:error:';

const answer = (status: number, data: unknown, headers: Record<string, string> = {}) =>
  problemFromAnswer({ status, headers, data }, NOW);

const said = (type: string, status = 400, detail = '') =>
  new AcmeProblem(URN + type, status, detail);
const inObject = (type: string, subproblems: object[] = []) =>
  problemFromObject({ type: URN + type, detail: '', status: 403, subproblems })!;

describe('problemFromAnswer', () => {
  it('keeps type, detail and subproblems of a problem document', () => {
    const subproblems = [{ type: `${URN}caa`, detail: 'a.example forbids it' }];
    const data = { type: `${URN}compound`, detail: 'several', status: 400, subproblems };
    expect(answer(400, data)).toMatchObject({ type: `${URN}compound`, status: 400, subproblems });
  });

  it.each([
    ['<html>Bad Gateway</html>', 502],
    ['', 500],
    [null, 503],
    [{ some: 'thing' }, 500],
    [{ type: 7, detail: {} }, 500],
  ])('makes a problem of an answer without a problem document: %j', (data, status) => {
    const problem = answer(status, data);
    expect(problem).toMatchObject({ type: 'about:blank', status, subproblems: [] });
    expect(classify(problem)).toBe('ca_down');
  });

  it('keeps the type of a document whose other fields are invalid', () => {
    const data = { type: `${URN}rateLimited`, detail: 5, status: 'x', subproblems: 'none' };
    expect(classify(answer(429, data))).toBe('rate_limited');
  });

  it('truncates a long detail', () => {
    const data = { type: `${URN}malformed`, detail: 'x'.repeat(1_000_000) };
    expect(answer(400, data).detail.length).toBeLessThan(3000);
  });
});

describe('retryAfterSeconds', () => {
  const inWords =
    'too many certificates (5) already issued for this exact set, retry after 2026-11-23 12:10:00 UTC: see https://ca.example';
  it.each<[string, Record<string, string>, string, number | null]>([
    ['seconds', { 'retry-after': '120' }, '', 120],
    ['an HTTP-date', { 'retry-after': 'Mon, 23 Nov 2026 12:00:30 GMT' }, '', 30],
    [
      "an HTTP-date, by the CA's clock",
      { 'retry-after': 'Mon, 23 Nov 2026 13:00:30 GMT', date: 'Mon, 23 Nov 2026 13:00:00 GMT' },
      '',
      30,
    ],
    ['a date in the text', {}, inWords, 600],
    ['the header before the text', { 'retry-after': '5' }, inWords, 5],
    ['the text where the header is no date', { 'retry-after': 'soon' }, inWords, 600],
    ['a date that is past', { 'retry-after': 'Mon, 23 Nov 2026 11:00:00 GMT' }, '', 0],
    ['no more than a month', { 'retry-after': '99999999999' }, '', 31 * 86_400],
    ['nothing', {}, 'rate limited', null],
  ])('reads %s', (_name, headers, detail, seconds) => {
    const data = { type: `${URN}rateLimited`, detail };
    expect(answer(429, data, headers).retryAfterSeconds).toBe(seconds);
  });
});

describe('classify', () => {
  it.each([
    [said('rateLimited', 429), 'rate_limited'],
    [new AcmeProblem('about:blank', 429, ''), 'rate_limited'],
    [said('serverInternal', 500), 'ca_down'],
    [localProblem('connection', 'ECONNREFUSED'), 'ca_down'],
    [said('caa', 403), 'caa'],
    [said('rejectedIdentifier'), 'rejected_identifier'],
    [said('alreadyReplaced', 409), 'bad_replaces'],
    [said('malformed', 400, 'While parsing ARI CertID an error occurred'), 'bad_replaces'],
    [
      said('unauthorized', 403, 'account did not request the certificate being replaced'),
      'bad_replaces',
    ],
    [said('accountDoesNotExist'), 'account'],
    [said('externalAccountRequired', 403), 'account'],
    [said('badCSR'), 'other'],
    [localProblem('certificate_wrong_key', ''), 'other'],
    [said('compound'), 'other'],
  ])('%s', (problem, expected) => {
    expect(classify(problem)).toBe(expected);
  });

  it("distinguishes the CA's connection to the name from ours to the CA", () => {
    expect(classify(inObject('connection'))).toBe('validation');
    expect(classify(localProblem('connection', ''))).toBe('ca_down');
  });

  it('reads `unauthorized` in a challenge as a validation failure and in an answer as an account failure', () => {
    expect(classify(inObject('unauthorized'))).toBe('validation');
    expect(classify(said('unauthorized', 403))).toBe('account');
  });

  it('classifies a compound problem by its subproblems', () => {
    const caa = { type: `${URN}caa`, detail: '' };
    expect(classify(inObject('compound', [caa]))).toBe('caa');
  });

  it('recognises a pause by the URL of its unpause page', () => {
    const problem = said('rateLimited', 429, 'visit: https://ca.example/sfe/v1/unpause?jwt=a.b.c');
    expect(problem.unpauseUrl).toBe('https://ca.example/sfe/v1/unpause?jwt=a.b.c');
    expect(classify(problem)).toBe('paused');
  });
});
