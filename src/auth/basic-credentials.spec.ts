import type { IncomingMessage } from 'node:http';
import * as fc from 'fast-check';
import { isAnonymous, parseBasicCredentials, readBasicCredentials } from './basic-credentials.js';

const encode = (text: string | Buffer): string => Buffer.from(text).toString('base64');
const GOOD = `Basic ${encode('ann@example.com:0123abcd')}`;

describe(parseBasicCredentials, () => {
  it.each([
    ['the usual form', GOOD, 'ann@example.com', '0123abcd'],
    ['a lower-case scheme', GOOD.replace('Basic', 'basic'), 'ann@example.com', '0123abcd'],
    ['an upper-case scheme', GOOD.replace('Basic', 'BASIC'), 'ann@example.com', '0123abcd'],
    [
      'a second colon, as part of the token',
      `Basic ${encode('ann:token:junk')}`,
      'ann',
      'token:junk',
    ],
    ['several spaces', GOOD.replace(' ', '   '), 'ann@example.com', '0123abcd'],
    ['UTF-8', `Basic ${encode('änne:tökén')}`, 'änne', 'tökén'],
  ])('accepts %s', (_, header, email, token) => {
    expect(parseBasicCredentials(header)).toEqual({ email, token });
  });

  it.each([
    ['an empty header', ''],
    ['a bare scheme', 'Basic'],
    ['a scheme and a space', 'Basic '],
    ['a scheme that ends in Basic', `X${GOOD}`],
    ['a scheme that starts with Basic', GOOD.replace('Basic', 'Basics')],
    ['Bearer', GOOD.replace('Basic', 'Bearer')],
    ['Digest', 'Digest username="ann"'],
    ['no scheme', encode('ann:token')],
    ['a tab', GOOD.replace(' ', '\t')],
    ['a space in front', ` ${GOOD}`],
    ['a space at the end', `${GOOD} `],
    ['text after the base64', `${GOOD} junk`],
    ['a parameter after the base64', `${GOOD}, realm="x"`],
    ['two credentials in one header', `${GOOD}, ${GOOD}`],
    ['a line break', `${GOOD}\n`],
    ['missing padding', `Basic ${encode('ann:toke').replaceAll('=', '')}`],
    ['too much padding', `Basic ${encode('ann:token')}=`],
    ['padding in the middle', 'Basic YW5u=OnRva2Vu'],
    ['non-zero bits before the padding', 'Basic YTpiYx=='],
    ['base64url', `Basic ${encode('ann:~~~???').replace('/', '_').replace('+', '-')}`],
    ['no colon', `Basic ${encode('ann')}`],
    ['only a colon', 'Basic Og=='],
    ['an empty user', `Basic ${encode(':token')}`],
    ['an empty token', `Basic ${encode('ann:')}`],
    ['a NUL', `Basic ${encode('ann\0:token')}`],
    ['a control character in the token', `Basic ${encode('ann:tok\x85en')}`],
    ['bytes that are not UTF-8', `Basic ${encode(Buffer.from([0x61, 0x3a, 0xff, 0xfe]))}`],
  ])('refuses %s', (_, header) => {
    expect(parseBasicCredentials(header)).toBeNull();
  });

  it('returns any printable credentials as they were sent', () => {
    const printable = fc
      .string({ unit: 'grapheme', minLength: 1 })
      .filter((text) => !/\p{Cc}/u.test(text));
    const user = printable.filter((text) => !text.includes(':'));
    fc.assert(
      fc.property(user, printable, (email, token) => {
        const header = `Basic ${encode(`${email}:${token}`)}`;
        expect(parseBasicCredentials(header)).toEqual({ email, token });
      }),
    );
  });
});

describe(readBasicCredentials, () => {
  it('reads the header of a request', () => {
    expect(readBasicCredentials(requestWith(GOOD))?.email).toBe('ann@example.com');
  });

  it('refuses two headers, although Node presents only the first', () => {
    expect(readBasicCredentials(requestWith(GOOD, GOOD))).toBeNull();
  });
});

describe(isAnonymous, () => {
  it('is true only for a request without the header', () => {
    expect(isAnonymous(requestWith())).toBe(true);
    expect(isAnonymous(requestWith(''))).toBe(false);
    expect(isAnonymous(requestWith('nonsense'))).toBe(false);
  });
});

/** A request as Node presents it: the first of several headers in `headers`, all of them in `rawHeaders`. */
function requestWith(...headers: string[]): IncomingMessage {
  const rawHeaders = headers.flatMap((header) => ['AUTHORIZATION', header]);
  return {
    headers: headers[0] === undefined ? {} : { authorization: headers[0] },
    rawHeaders: ['host', 'authorization', ...rawHeaders],
  } as unknown as IncomingMessage;
}
