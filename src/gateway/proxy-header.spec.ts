import * as fc from 'fast-check';
import { looksLikeProxyHeader, parseProxyHeader, type ProxyHeader } from './proxy-header.js';

const SIGNATURE = Buffer.from('0d0a0d0a000d0a515549540a', 'hex');

function version2(command: number, familyAndTransport: number, rest: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(rest.length);
  return Buffer.concat([
    SIGNATURE,
    Buffer.from([0x20 | command, familyAndTransport]),
    length,
    rest,
  ]);
}

const V4 = Buffer.from([203, 0, 113, 9, 192, 0, 2, 1, 0xd4, 0x31, 0x01, 0xbb]);
const V6 = Buffer.concat([
  Buffer.from('20010db8000100020000000000000003', 'hex'),
  Buffer.from('20010db8000000000000000000000001', 'hex'),
  Buffer.from([0xd4, 0x31, 0x01, 0xbb]),
]);
const TLVS = Buffer.from([0x01, 0x00, 0x02, 0x68, 0x32, 0x04, 0x00, 0x00]);

const HEADERS: readonly (readonly [string, Buffer, string | null])[] = [
  ['v1 TCP4', Buffer.from('PROXY TCP4 203.0.113.9 192.0.2.1 54321 443\r\n'), '203.0.113.9'],
  ['v1 TCP6', Buffer.from('PROXY TCP6 2001:DB8::3 2001:db8::1 1 443\r\n'), '2001:db8::3'],
  ['v1 UNKNOWN', Buffer.from('PROXY UNKNOWN\r\n'), null],
  ['v1 UNKNOWN with anything', Buffer.from('PROXY UNKNOWN ffff:: ffff:: 65535 65535\r\n'), null],
  ['v2 TCP4', version2(1, 0x11, V4), '203.0.113.9'],
  ['v2 TCP6', version2(1, 0x21, V6), '2001:db8:1:2::3'],
  ['v2 TCP4 with TLVs', version2(1, 0x11, Buffer.concat([V4, TLVS])), '203.0.113.9'],
  ['v2 LOCAL', version2(0, 0x00, Buffer.alloc(0)), null],
  ['v2 LOCAL with addresses', version2(0, 0x11, V4), null],
  ['v2 UNSPEC', version2(1, 0x00, Buffer.alloc(0)), null],
  ['v2 UNSPEC with bytes', version2(1, 0x00, TLVS), null],
  ['v2 unspecified transport', version2(1, 0x10, V4), null],
  ['v2 AF_UNIX', version2(1, 0x31, Buffer.alloc(216)), null],
  [
    'v2 IPv4 within IPv6',
    version2(
      1,
      0x21,
      Buffer.concat([Buffer.from('00000000000000000000ffffcb007109', 'hex'), V6.subarray(16)]),
    ),
    '203.0.113.9',
  ],
];

describe(parseProxyHeader, () => {
  it.each(HEADERS)('reads %s, and leaves what follows', (_, header, client) => {
    const expected: ProxyHeader = { kind: 'header', length: header.length, client };
    expect(parseProxyHeader(header)).toEqual(expected);
    expect(parseProxyHeader(Buffer.concat([header, Buffer.from([22, 3, 1, 0])]))).toEqual(expected);
  });

  it.each(HEADERS)('waits for the rest of %s at every byte', (_, header) => {
    for (let length = 0; length < header.length; length += 1)
      expect(parseProxyHeader(header.subarray(0, length))).toEqual({ kind: 'incomplete' });
  });

  it.each<[string, Buffer]>([
    ['a ClientHello', Buffer.from([22, 3, 1, 2, 0, 1])],
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\n')],
    ['another letter case', Buffer.from('proxy TCP4 203.0.113.9 192.0.2.1 1 2\r\n')],
    ['no port', Buffer.from('PROXY TCP4 203.0.113.9 192.0.2.1 1\r\n')],
    ['a port too large', Buffer.from('PROXY TCP4 203.0.113.9 192.0.2.1 65536 2\r\n')],
    ['a port with a zero in front', Buffer.from('PROXY TCP4 203.0.113.9 192.0.2.1 01 2\r\n')],
    ['the other family', Buffer.from('PROXY TCP6 203.0.113.9 192.0.2.1 1 2\r\n')],
    ['an address in octal', Buffer.from('PROXY TCP4 0203.0.113.9 192.0.2.1 1 2\r\n')],
    ['two blanks', Buffer.from('PROXY TCP4  203.0.113.9 192.0.2.1 1 2\r\n')],
    ['a line without an end', Buffer.from(`PROXY UNKNOWN ${'x'.repeat(107)}`)],
    ['version 3', Buffer.concat([SIGNATURE, Buffer.from([0x31, 0x11, 0, 12]), V4])],
    ['command 2', version2(2, 0x11, V4)],
    ['addresses cut short', version2(1, 0x21, V4)],
    ['an unknown family', version2(1, 0x41, V6)],
    ['an unknown transport', version2(1, 0x13, V4)],
    ['a length out of bounds', Buffer.concat([SIGNATURE, Buffer.from([0x21, 0x11, 0xff, 0xff])])],
  ])('refuses %s', (_, bytes) => {
    expect(parseProxyHeader(bytes)).toEqual({ kind: 'invalid' });
  });

  it('gives back every address, in both versions', () => {
    const octet = fc.nat({ max: 255 });
    fc.assert(
      fc.property(fc.tuple(octet, octet, octet, octet), fc.nat({ max: 65_535 }), (octets, port) => {
        const client = octets.join('.');
        const line = Buffer.from(`PROXY TCP4 ${client} 192.0.2.1 ${port} 443\r\n`);
        expect(parseProxyHeader(line)).toMatchObject({ client, length: line.length });
        const block = Buffer.concat([Buffer.from(octets), V4.subarray(4)]);
        expect(parseProxyHeader(version2(1, 0x11, block))).toMatchObject({ client });
      }),
    );
  });

  it('never throws, never reads past the bytes, and never changes its mind', () => {
    const start = fc.constantFrom(
      SIGNATURE,
      Buffer.from('PROXY '),
      Buffer.from('PROXY TCP4 '),
      Buffer.alloc(0),
    );
    fc.assert(
      fc.property(
        start,
        fc.uint8Array({ maxLength: 300 }),
        fc.nat({ max: 300 }),
        (head, tail, cut) => {
          const bytes = Buffer.concat([head, tail]);
          const whole = parseProxyHeader(bytes);
          if (whole.kind === 'header') expect(whole.length).toBeLessThanOrEqual(bytes.length);
          const part = parseProxyHeader(bytes.subarray(0, cut));
          if (part.kind !== 'incomplete') expect(part).toEqual(whole);
        },
      ),
    );
  });
});

describe(looksLikeProxyHeader, () => {
  it('knows both versions by their first bytes', () => {
    for (const [, header] of HEADERS) expect(looksLikeProxyHeader(header)).toBe(true);
    expect(looksLikeProxyHeader(Buffer.from('PROPFIND / HTTP/1.1\r\n'))).toBe(false);
    expect(looksLikeProxyHeader(Buffer.from([22, 3, 1]))).toBe(false);
  });
});
