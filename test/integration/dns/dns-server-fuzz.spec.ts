import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import packet from 'dns-packet';
import { readConfig } from '../../../src/config/config.js';
import { decodeMessage, encodeQuery, type QueryType } from '../../../src/dns/dns-message.js';
import { startDnsServer, type RunningDnsServer } from '../../../src/dns/dns-server.js';
import { firstMessage, withLength } from '../../../src/dns/dns-transport.js';
import { startDevelopmentDns } from '../../../src/gateway/development-dns.js';

const HOST = '127.0.0.1';
const queryFor = (name: string, type: QueryType = 'A'): Buffer =>
  encodeQuery({ name, type, checkingDisabled: false }).bytes;
const WELL_FORMED = queryFor('eu.onetime.localhost');

/** Sends a datagram and resolves to the response code of the answer. */
async function askUdp(socket: Socket, port: number, query: Buffer): Promise<string | undefined> {
  const answered = once(socket, 'message') as Promise<[Buffer]>;
  socket.send(query, port, HOST);
  const [bytes] = await answered;
  return decodeMessage(bytes)?.rcode;
}

async function askTcp(port: number, query: Buffer): Promise<string | undefined> {
  const socket = connect(port, HOST);
  socket.write(withLength(query));
  const [bytes] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return decodeMessage(firstMessage(bytes) ?? Buffer.alloc(0))?.rcode;
}

/** Closed by the server, or by us after all was sent. */
async function sendTcp(port: number, bytes: Buffer): Promise<void> {
  const socket = connect(port, HOST);
  socket.on('error', () => {});
  socket.end(bytes);
  socket.resume();
  // Not events.once(): it rejects when the server resets the connection.
  await new Promise((resolve) => socket.once('close', resolve));
}

/** Random bytes; a message with some bytes changed, cut or repeated; headers that announce more than there is. */
const garbage = fc.oneof(
  fc.uint8Array({ maxLength: 600 }),
  fc
    .tuple(
      fc.constantFrom(
        WELL_FORMED,
        queryFor('a.test', 'CAA'),
        packet.encode({
          type: 'query',
          id: 1,
          questions: Array.from({ length: 40 }, (_, index) => ({
            type: 'TXT',
            name: `n${index}.test`,
          })),
          additionals: [{ type: 'OPT', name: '.', udpPayloadSize: 4096, flags: 0, options: [] }],
        } as unknown as packet.Packet),
      ),
      fc.array(fc.tuple(fc.nat(600), fc.nat(255)), { maxLength: 8 }),
      fc.nat(600),
    )
    .map(([message, changes, length]) => {
      const changed = Buffer.from(message);
      for (const [at, value] of changes) changed[at % changed.length] = value;
      return changed.subarray(0, Math.max(length, 12));
    }),
  // A name that points at itself.
  fc.nat(40).map((at) => {
    const header = Buffer.from('000101000001000000000000', 'hex');
    return Buffer.concat([header, Buffer.from([0xc0, at, 0, 1, 0, 1])]);
  }),
);

describe('the development DNS server', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'dns-fuzz-'));
  const failures: { readonly transport: string; readonly error: unknown }[] = [];
  let server: RunningDnsServer;
  let udp: Socket;
  beforeAll(async () => {
    const started = await startDevelopmentDns(
      readConfig({ GATEWAY_DATA_DIR: dataDir }),
      (transport, error) => failures.push({ transport, error }),
    );
    server = started!;
    udp = createSocket('udp4');
  });
  beforeEach(() => {
    failures.length = 0;
  });
  afterAll(async () => {
    udp.close();
    await server.close();
    rmSync(dataDir, { recursive: true });
  });

  it('goes on after any datagram', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(garbage, { minLength: 1, maxLength: 20 }), async (datagrams) => {
        for (const bytes of datagrams) udp.send(bytes, server.port, HOST);
        // Answers to what was readable come first.
        let rcode: string | undefined;
        do rcode = await askUdp(udp, server.port, WELL_FORMED);
        while (rcode !== 'NOERROR');
      }),
      { numRuns: 150 },
    );
    expect(failures).toEqual([]);
  });

  it('goes on after any stream', async () => {
    await fc.assert(
      fc.asyncProperty(garbage, fc.boolean(), async (bytes, isFramed) => {
        const sent = Buffer.from(bytes);
        await sendTcp(server.port, isFramed ? withLength(sent) : sent);
      }),
      { numRuns: 300 },
    );
    await sendTcp(server.port, Buffer.alloc(200_000, withLength(WELL_FORMED)));
    expect(await askTcp(server.port, WELL_FORMED)).toBe('NOERROR');
    expect(failures).toEqual([]);
  });

  it('answers SERVFAIL and reports the error while its records cannot be read', async () => {
    writeFileSync(join(dataDir, 'dns.json'), '[{"name": ');
    expect(await askUdp(udp, server.port, WELL_FORMED)).toBe('SERVFAIL');
    expect(await askTcp(server.port, WELL_FORMED)).toBe('SERVFAIL');
    expect(failures).toMatchObject([
      { transport: 'udp', error: { name: 'SyntaxError' } },
      { transport: 'tcp', error: { name: 'SyntaxError' } },
    ]);
    writeFileSync(join(dataDir, 'dns.json'), '[]');
    expect(await askUdp(udp, server.port, WELL_FORMED)).toBe('NOERROR');
  });
});

describe('a DNS server whose answer cannot be encoded', () => {
  it('says SERVFAIL, by both transports', async () => {
    const failed: string[] = [];
    const answers = [{ type: 'A', name: 'a.test', data: null }] as unknown as packet.Answer[];
    const server = await startDnsServer(() => ({ rcode: 'NOERROR', answers }), {
      onFailure: (transport) => failed.push(transport),
    });
    const udp = createSocket('udp4');
    expect(await askUdp(udp, server.port, WELL_FORMED)).toBe('SERVFAIL');
    expect(await askTcp(server.port, WELL_FORMED)).toBe('SERVFAIL');
    expect(failed).toEqual(['udp', 'tcp']);
    udp.close();
    await server.close();
  });
});
