import { retryAfterIn } from './retry-after.js';

const NOW = new Date('2026-11-23T12:00:00Z');

describe('retryAfterIn()', () => {
  it.each([
    ['120', undefined, 120],
    [' 5 ', undefined, 5],
    ['Mon, 23 Nov 2026 12:00:30 GMT', undefined, 30],
    ['Mon, 23 Nov 2026 13:00:30 GMT', 'Mon, 23 Nov 2026 13:00:00 GMT', 30],
    ['Mon, 23 Nov 2026 11:00:00 GMT', undefined, 0],
    ['99999999999999', undefined, 31 * 86_400],
    ['Thu, 01 Jan 2099 00:00:00 GMT', undefined, 31 * 86_400],
    ['soon', undefined, null],
    ['', undefined, null],
    [undefined, undefined, null],
  ])('of %j with the Date %j is %j', (header, date, seconds) => {
    expect(retryAfterIn({ 'retry-after': header, date }, NOW)).toBe(seconds);
  });
});
