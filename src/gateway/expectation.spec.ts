import { expectsContinueOnly } from './expectation.js';

describe(expectsContinueOnly, () => {
  it.each([
    '100-continue',
    '100-Continue',
    ' 100-CONTINUE ',
    '100-continue, 100-continue',
    ',100-continue,',
    '',
  ])('is true for %j', (expect_) => expect(expectsContinueOnly(expect_)).toBe(true));

  it.each([
    'tea',
    'x-100-continue',
    '100-continue-x',
    '100-continue, tea',
    '100-continue;q=1',
    '100',
  ])('is false for %j', (expect_) => expect(expectsContinueOnly(expect_)).toBe(false));
});
