import fc from 'fast-check';
import { readUrlencoded, readUrlencodedBody } from './urlencoded.js';

const read = (text: string) => readUrlencodedBody(Buffer.from(text));

describe('WHATWG URL, section 5.1: urlencoded parsing', () => {
  it.each([
    [
      'a=1&b=2',
      [
        ['a', '1'],
        ['b', '2'],
      ],
    ],
    ['', []],
    ['&&', []],
    ['a', [['a', '']]],
    ['a=', [['a', '']]],
    ['=1', [['', '1']]],
    ['=', [['', '']]],
    ['a=1=2', [['a', '1=2']]],
    ['a=1;b=2', [['a', '1;b=2']]],
    ['a+b=c+d', [['a b', 'c d']]],
    ['a%2Bb=%26%3d', [['a+b', '&=']]],
    [
      'a=%&b=%4&c=%zz',
      [
        ['a', '%'],
        ['b', '%4'],
        ['c', '%zz'],
      ],
    ],
    [
      'a=%C3%BC&b=ü',
      [
        ['a', 'ü'],
        ['b', 'ü'],
      ],
    ],
    [
      'a=1&a=2',
      [
        ['a', '1'],
        ['a', '2'],
      ],
    ],
    ['a=1\r\n', [['a', '1\r\n']]],
    ['a=\uFEFFx', [['a', '\uFEFFx']]],
    ['\uFEFFa=1', [['a', '1']]],
    ['\r\n\na=1', [['a', '1']]],
  ])('reads %j', (text, fields) => expect(read(text)).toEqual(fields));

  it('keeps a byte order mark and newlines in a query', () => {
    expect(readUrlencoded(Buffer.from('%0Aa=1'))).toEqual([['\na', '1']]);
  });

  it.each(['a=%ff', '%ff=a', 'a=%ed%a0%80'])('refuses %j, which is not UTF-8', (text) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'invalid_request' }));
  });

  it('reads a mebibyte of escapes, of separators, and refuses one of pairs', () => {
    expect(read('%41'.repeat(300_000))).toEqual([['A'.repeat(300_000), '']]);
    expect(read('&'.repeat(1_000_000))).toEqual([]);
    expect(() => read('a&'.repeat(500_000))).toThrow(
      expect.objectContaining({ message: 'Too many parameters' }),
    );
  });

  it("reads what the platform's parser reads", () => {
    const piece = fc.constantFrom('x', '=', '&', '+', '%41', '%', '%2', ';', '%C3%BC', ' ', '\n');
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const text = `x${pieces.join('')}`;
        expect(read(text)).toEqual([...new URLSearchParams(text)]);
      }),
    );
  });
});
