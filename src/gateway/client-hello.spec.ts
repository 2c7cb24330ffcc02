import type { ConnectionOptions } from 'node:tls';
import * as fc from 'fast-check';
import { captureClientHello } from '../../test/support/tls-client.js';
import { parseClientHello } from './client-hello.js';

/** The same message, split into records with `size` bytes of content. */
function cutIntoRecords(hello: Buffer, size: number): Buffer {
  const message = hello.subarray(5);
  const records: Buffer[] = [];
  for (let offset = 0; offset < message.length; offset += size) {
    const content = message.subarray(offset, offset + size);
    records.push(Buffer.from([22, 3, 1, content.length >> 8, content.length & 0xff]), content);
  }
  return Buffer.concat(records);
}

const block = (width: 1 | 2, ...parts: Buffer[]): Buffer => {
  const content = Buffer.concat(parts);
  const length = Buffer.alloc(width);
  length.writeUIntBE(content.length, 0, width);
  return Buffer.concat([length, content]);
};

const extension = (type: number, ...parts: Buffer[]): Buffer =>
  Buffer.concat([Buffer.from([type >> 8, type & 0xff]), block(2, ...parts)]);

const serverName = (...names: string[]): Buffer =>
  extension(
    0,
    block(2, ...names.flatMap((name) => [Buffer.from([0]), block(2, Buffer.from(name))])),
  );

function helloWith(...extensions: Buffer[]): Buffer {
  const body = Buffer.concat([
    Buffer.alloc(34, 3),
    block(1),
    block(2, Buffer.from([0x13, 0x01])),
    block(1, Buffer.from([0])),
    ...extensions,
  ]);
  const message = Buffer.concat([Buffer.from([1, 0, body.length >> 8, body.length & 0xff]), body]);
  return cutIntoRecords(Buffer.concat([Buffer.alloc(5), message]), 16_384);
}

describe('parseClientHello', () => {
  it.each<[string, ConnectionOptions]>([
    ['TLS 1.3 with a post-quantum key share', { minVersion: 'TLSv1.3' }],
    ['TLS 1.2', { maxVersion: 'TLSv1.2' }],
  ])('reads name and protocols of a real %s client', async (_what, options) => {
    const hello = await captureClientHello({
      ...options,
      servername: 'eu.onetime.example',
      ALPNProtocols: ['h2', 'http/1.1'],
    });
    expect(parseClientHello(hello)).toEqual({
      kind: 'hello',
      serverName: 'eu.onetime.example',
      alpn: ['h2', 'http/1.1'],
    });
  });

  it('returns no name and no protocols for a real client that sends neither', async () => {
    const hello = await captureClientHello({ host: '127.0.0.1' });
    expect(parseClientHello(hello)).toEqual({ kind: 'hello', serverName: null, alpn: [] });
  });

  it.each([16_384, 100, 7])(
    'never asks for more bytes than a truncated real hello lacks (records of %i bytes)',
    async (size) => {
      const hello = cutIntoRecords(await captureClientHello({ servername: 'eu.example' }), size);
      for (let length = 0; length < hello.length; length++) {
        const parsed = parseClientHello(hello.subarray(0, length));
        expect(parsed.kind).toBe('incomplete');
        const missing = parsed.kind === 'incomplete' ? parsed.missing : NaN;
        expect(missing).toBeGreaterThan(0);
        expect(length + missing).toBeLessThanOrEqual(hello.length);
      }
    },
  );

  it('needs few calls for a hello in thousands of one-byte records', () => {
    const message = Buffer.from([1, 0, 0x0f, 0xfc, ...Buffer.alloc(0x0ffc)]);
    const hello = cutIntoRecords(Buffer.concat([Buffer.alloc(5), message]), 1);
    let asked = 0;
    for (let length = 1; length < hello.length; asked++) {
      const parsed = parseClientHello(hello.subarray(0, length));
      if (parsed.kind !== 'incomplete') throw new Error('too early');
      length += parsed.missing;
    }
    expect(asked).toBeLessThan(50);
  });

  it('reads a hello that is split into any number of records', async () => {
    const hello = await captureClientHello({ servername: 'eu.onetime.example' });
    for (const size of [1, 3, 100, 1000]) {
      expect(parseClientHello(cutIntoRecords(hello, size))).toEqual(parseClientHello(hello));
    }
  });

  it('reads a hello that is followed by early data', async () => {
    const hello = await captureClientHello({ servername: 'eu.onetime.example' });
    const withEarlyData = Buffer.concat([hello, Buffer.from([23, 3, 3, 0, 1, 0])]);
    expect(parseClientHello(withEarlyData)).toEqual(parseClientHello(hello));
  });

  it('reads a hello without any extension', () => {
    expect(parseClientHello(helloWith())).toEqual({ kind: 'hello', serverName: null, alpn: [] });
  });

  it.each<[string, Buffer]>([
    ['plain HTTP', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['one byte of plain HTTP', Buffer.from('G')],
    ['an alert', Buffer.from([21, 3, 3, 0, 2, 2, 112])],
    ['SSL 2', Buffer.from([0x80, 46, 1, 3, 1])],
    ['an empty record', Buffer.from([22, 3, 1, 0, 0])],
    ['a record over the limit', Buffer.from([22, 3, 1, 0x40, 1])],
    ['a hello over the limit', Buffer.from([22, 3, 1, 0, 4, 1, 1, 0, 0])],
    ['another handshake message', Buffer.from([22, 3, 1, 0, 4, 2, 0, 0, 0])],
    ['an empty hello', Buffer.from([22, 3, 1, 0, 4, 1, 0, 0, 0])],
    ['two names', helloWith(block(2, serverName('a.example', 'b.example')))],
    ['the name twice', helloWith(block(2, serverName('a.example'), serverName('b.example')))],
    [
      'a name of another kind',
      helloWith(block(2, extension(0, block(2, Buffer.from([9, 0, 1, 65]))))),
    ],
    [
      'a name that is longer than its extension',
      helloWith(block(2, extension(0, Buffer.from([0, 4, 0, 0, 9, 65])))),
    ],
    ['bytes after the extensions', helloWith(block(2, serverName('a.example')), Buffer.from([0]))],
  ])('refuses %s', (_what, bytes) => {
    expect(parseClientHello(bytes)).toEqual({ kind: 'invalid' });
  });

  it('never throws, for any input', () => {
    const record = fc.uint8Array({ maxLength: 400 }).map((content) => {
      const message = Buffer.from([1, 0, content.length >> 8, content.length & 0xff, ...content]);
      return cutIntoRecords(Buffer.concat([Buffer.alloc(5), message]), 16_384);
    });
    const anything = fc.oneof(fc.uint8Array({ maxLength: 400 }), record);
    fc.assert(
      fc.property(anything, (bytes) => {
        expect(['incomplete', 'invalid', 'hello']).toContain(
          parseClientHello(Buffer.from(bytes)).kind,
        );
      }),
      { numRuns: 2000 },
    );
  });

  it('never throws on a real hello with changed bytes, and never reads beyond the buffer', async () => {
    const hello = await captureClientHello({
      servername: 'eu.onetime.example',
      ALPNProtocols: ['h2'],
    });
    const change = fc.tuple(fc.nat(hello.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), (changes) => {
        const changed = Buffer.from(hello);
        for (const [offset, value] of changes) changed[offset] = value;
        // Bytes that follow in the same memory must not change the result.
        const inMemory = Buffer.concat([changed, Buffer.alloc(300, 0x41)]).subarray(
          0,
          changed.length,
        );
        expect(parseClientHello(inMemory)).toEqual(parseClientHello(changed));
      }),
      { numRuns: 2000 },
    );
  });
});
