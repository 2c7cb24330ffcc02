import * as fc from 'fast-check';
import { judgePersist } from '../../test/support/persist-double.js';
import { decidePersist, parsePersistRecord } from './persist-record.js';

const OFFER = { issuers: ['ca.example', 'also.example'], accountUri: 'https://ca.example/acct/1' };
const GOOD = 'ca.example; accounturi=https://ca.example/acct/1';
const NOW = 1_800_000_000;

const decide = (values: string[], isWildcard = false) =>
  decidePersist(values, OFFER, { now: NOW, isWildcard });
const isRefusedByCa = (values: string[], isWildcard = false) =>
  judgePersist(values, OFFER, { now: NOW, isWildcard }) !== null;

describe(decidePersist, () => {
  it.each([
    ['our account', [GOOD]],
    ['another name of the CA', ['also.example;accounturi=https://ca.example/acct/1']],
    ['blanks, tabs and upper case', ['\t CA.Example ;\tAccountURI = https://ca.example/acct/1 ']],
    ['an unknown tag', [`${GOOD}; colour=blue`]],
    ['an unknown policy', [`${GOOD}; policy=narrow`]],
    ['the last second', [`${GOOD}; persistUntil=${NOW}`]],
    ['a second record beside a broken one', [`${GOOD};`, GOOD]],
    ['a second record beside one of another account', [`${GOOD}0`, GOOD]],
    ['others beside it', ['v=spf1 -all', 'other.example; accounturi=x', GOOD]],
  ])('permits %s', (_what, values) => {
    expect(decide(values)).toMatchObject({ kind: 'permitted' });
    expect(isRefusedByCa(values)).toBe(false);
  });

  it.each([
    ['a trailing semicolon', [`${GOOD};`], 'malformed'],
    ['an empty parameter', [`${GOOD}; ; policy=wildcard`], 'malformed'],
    ['a parameter without a value sign', [`${GOOD}; policy`], 'malformed'],
    ['no account', ['ca.example'], 'malformed'],
    ['an empty account', ['ca.example; accounturi='], 'malformed'],
    ['a tag twice', [`${GOOD}; accounturi=https://ca.example/acct/1`], 'malformed'],
    ['an unknown tag twice', [`${GOOD}; a=1; A=2`], 'malformed'],
    ['a blank in a value', ['ca.example; accounturi=https://ca.example/acct/1 2'], 'malformed'],
    ['a date in words', [`${GOOD}; persistUntil=2030-01-01`], 'malformed'],
    ['another account', [`${GOOD}0`], 'account'],
    ['the account in upper case', [GOOD.replace('acct', 'ACCT')], 'account'],
    ['a second after its end', [`${GOOD}; persistUntil=${NOW - 1}`], 'expired'],
  ])('refuses %s', (_what, values, reason) => {
    expect(decide(values)).toEqual({ kind: 'refused', reason, value: values[0] });
    expect(isRefusedByCa(values)).toBe(true);
  });

  it.each([
    ['no record', []],
    ['records of other CAs', ['other.example; accounturi=https://ca.example/acct/1']],
    ['the CA with a dot', ['ca.example.; accounturi=https://ca.example/acct/1']],
    ['an account without a CA', ['; accounturi=https://ca.example/acct/1']],
  ])('finds none in %s', (_what, values) => {
    expect(decide(values)).toEqual({ kind: 'missing' });
    expect(isRefusedByCa(values)).toBe(true);
  });

  it('needs the policy for wildcard names alone', () => {
    const wide = `${GOOD}; policy=WildCard`;
    expect(decide([wide])).toMatchObject({ kind: 'permitted', record: { isWide: true } });
    expect(decide([GOOD], true)).toMatchObject({ reason: 'policy' });
    expect(decide([wide], true).kind).toBe('permitted');
    expect([isRefusedByCa([GOOD], true), isRefusedByCa([wide], true)]).toEqual([true, false]);
  });

  it('names the record that is closest to right', () => {
    const expired = `${GOOD}; persistUntil=1`;
    expect(decide([`${GOOD}9`, `${GOOD};`, expired])).toMatchObject({ value: expired });
    expect(decide([`${GOOD}9`, `${GOOD};`])).toMatchObject({ reason: 'malformed' });
  });

  it('decides as the CA does, whatever the record', () => {
    const piece = fc.constantFrom(
      'ca.example',
      'CA.EXAMPLE',
      ';',
      ' ',
      '\t',
      '=',
      'accounturi',
      'accounturi=https://ca.example/acct/1',
      'policy=wildcard',
      'persistUntil=',
      String(NOW),
      '9',
      'x',
      '-',
      'é',
      '\n',
    );
    const text = fc.array(piece, { maxLength: 9 }).map((pieces) => pieces.join(''));
    const beginning = fc.constantFrom('', GOOD, 'ca.example;');
    const value = fc.tuple(beginning, text).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.array(value, { maxLength: 3 }), fc.boolean(), (values, isWildcard) => {
        const isPermitted = decide(values, isWildcard).kind === 'permitted';
        expect(isPermitted).toBe(!isRefusedByCa(values, isWildcard));
      }),
      { numRuns: 2000 },
    );
  });
});

describe(parsePersistRecord, () => {
  it('gives the parts of a record', () => {
    expect(parsePersistRecord(`${GOOD}; persistUntil=7; policy=wildcard`)).toEqual({
      issuer: 'ca.example',
      accountUri: 'https://ca.example/acct/1',
      isWide: true,
      until: 7,
    });
  });
});
