import { acceptedCoding } from './content-coding.js';

describe(acceptedCoding, () => {
  it.each([
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip', 'gzip'],
    ['GZIP ; q=0.1', 'gzip'],
    ['br;q=0, gzip;q=1.0', 'gzip'],
    ['br; q=0.000, gzip;q=0', null],
    ['br;q=0.001', 'br'],
    ['x-gzip, brotli', null],
    ['identity', null],
    ['', null],
    [undefined, null],
    [`${'x,'.repeat(10_000)}gzip`, null],
  ])('reads %j as %j', (header, coding) => {
    expect(acceptedCoding(header)).toBe(coding);
  });
});
