import { hashConfirmationCode, newConfirmationCode } from './confirmation-code.js';

describe(newConfirmationCode, () => {
  it('is four groups of four digits, different each time', () => {
    const codes = Array.from({ length: 100 }, newConfirmationCode);
    for (const code of codes) expect(code).toMatch(/^[0-9a-z]{4}(?:-[0-9a-z]{4}){3}$/);
    expect(new Set(codes).size).toBe(100);
  });
});

describe(hashConfirmationCode, () => {
  it.each(['ABCD-efgh-0123-4567', ' abcdefgh01234567 ', 'abcd efgh 0123 4567\n'])(
    'is the same for %j',
    (typed) =>
      expect(hashConfirmationCode(typed)).toEqual(hashConfirmationCode('abcd-efgh-0123-4567')),
  );

  it('is another one for another code', () => {
    expect(hashConfirmationCode('abcd-efgh-0123-4568')).not.toEqual(
      hashConfirmationCode('abcd-efgh-0123-4567'),
    );
  });
});
