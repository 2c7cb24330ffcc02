import packet, { type Answer, type DecodedPacket, type Packet } from 'dns-packet';
import fc from 'fast-check';
import {
  encodeAnswer,
  lookUp,
  SERVFAIL,
  textAnswer,
  truncatedAnswer,
  type AuthoritativeAnswer,
  type AuthoritativeZone,
} from './authoritative-answer.js';
import { readQuery } from './authoritative-query.js';
import type { DnsTransport } from './dns-server.js';

const ZONE: AuthoritativeZone = {
  name: 'acme.eu.onetime.example',
  nameServers: ['ns1.eu.onetime.example', 'ns2.eu.onetime.example'],
  contact: 'hostmaster.onetime.example',
};
const OTHER: AuthoritativeZone = { ...ZONE, name: 'acme.us.onetime.example' };
const LABEL = 'abcdefghij012345';
const NONCE = '0123456789abcdef0123456789abcdef';
const VALUE = 'v'.repeat(43);

type Message = DecodedPacket & { rcode: string; flag_aa: boolean; flag_ra: boolean };

interface Asked {
  readonly values?: readonly string[] | null;
  readonly transport?: DnsTransport;
}

/** Answers as a name server does that has these values at each label. */
function answerBytes(
  message: Buffer,
  { values = [], transport = 'udp' }: Asked = {},
): Buffer | null {
  const query = readQuery(message);
  if (query === null) return null;
  const found = lookUp(query, [ZONE, OTHER]);
  const answer = (): AuthoritativeAnswer => {
    if (found.kind === 'settled') return found.answer;
    if (query.question === null || values === null) return SERVFAIL;
    const texts = found.kind === 'values' ? values : [`proof of ${found.nonce}`];
    return textAnswer(query.question, found.zone, texts);
  };
  return encodeAnswer(query, answer(), transport);
}

function answerTo(message: Buffer, asked: Asked = {}): Message {
  return packet.decode(answerBytes(message, asked)!) as Message;
}

interface Question {
  readonly name: string;
  readonly type?: string;
  readonly class?: string;
}

function queryFor({ name, type = 'TXT', ...rest }: Question, more: object = {}): Buffer {
  const questions = [{ name, type, ...rest }];
  return packet.encode({ type: 'query', id: 7, flags: 0, questions, ...more } as unknown as Packet);
}

const opt = (more: object = {}) => ({
  additionals: [
    {
      type: 'OPT',
      name: '.',
      udpPayloadSize: 4096,
      flags: 0,
      options: [],
      ...more,
    } as unknown as Answer,
  ],
});
const ask = (name: string, type = 'TXT', asked: Asked = {}) =>
  answerTo(queryFor({ name, type }), asked);
const label = `${LABEL}.${ZONE.name}`;
const optOf = ({ additionals = [] }: Message) => additionals.find(({ type }) => type === 'OPT');
const texts = ({ answers = [] }: Message) =>
  answers.map((answer) => (answer.type === 'TXT' ? [answer.data].flat().map(String) : []));

/** NOERROR, no answer, AA, and the SOA record whose TTL and minimum are one second. */
function expectNodata(message: Message, rcode = 'NOERROR'): void {
  expect(message).toMatchObject({ rcode, flag_aa: true, flag_ra: false, flag_tc: false });
  expect(message.answers).toEqual([]);
  expect(message.authorities).toMatchObject([
    { type: 'SOA', name: ZONE.name, ttl: 1, data: { minimum: 1, mname: 'ns1.eu.onetime.example' } },
  ]);
}

describe('a label of the right form', () => {
  it('has the pending values, one character-string each, for one second', () => {
    const values = ['a', 'b', 'c'].map((letter) => letter.repeat(43));
    const message = ask(label, 'TXT', { values });
    expect(message).toMatchObject({ id: 7, rcode: 'NOERROR', flag_aa: true, flag_ra: false });
    expect(texts(message)).toEqual(values.map((value) => [value]));
    expect(message.answers).toMatchObject(values.map(() => ({ name: label, ttl: 1 })));
  });

  it('has at most eight', () => {
    const values = Array.from({ length: 12 }, (_, index) => String(index).padStart(43, '0'));
    expect(texts(ask(label, 'TXT', { values, transport: 'tcp' }))).toHaveLength(8);
  });

  it.each(['A', 'AAAA', 'CNAME', 'CAA', 'NS', 'DS', 'SOA', 'MX', 'ANY', 'UNKNOWN_65', 'TXT'])(
    'without a value exists: NODATA with the SOA record for %s',
    (type) => {
      for (const anyLabel of [LABEL, '0000000000000000', 'zzzzzzzzzzzzzzzz'])
        expectNodata(ask(`${anyLabel}.${ZONE.name}`, type));
    },
  );

  it('is asked about other types without its values', () => {
    expectNodata(ask(label, 'A', { values: [VALUE] }));
  });

  it('is SERVFAIL while the values are not known', () => {
    const message = ask(label, 'TXT', { values: null });
    expect(message).toMatchObject({ rcode: 'SERVFAIL', answers: [], authorities: [] });
    expectNodata(ask(label, 'A', { values: null }));
  });
});

describe('the probe of our own', () => {
  it('is a TXT record, and NODATA for other types', () => {
    const name = `_probe-${NONCE}.${ZONE.name}`;
    expect(texts(ask(name))).toEqual([[`proof of ${NONCE}`]]);
    expectNodata(ask(name, 'A'));
    expectNodata(ask(name, 'CAA'));
  });
});

describe('the zone', () => {
  it('has its SOA and NS records', () => {
    expect(ask(ZONE.name, 'SOA')).toMatchObject({
      flag_aa: true,
      answers: [
        { type: 'SOA', name: ZONE.name, ttl: 1, data: { rname: 'hostmaster.onetime.example' } },
      ],
    });
    expect(ask(ZONE.name, 'NS')).toMatchObject({
      flag_aa: true,
      answers: ZONE.nameServers.map((data) => ({ type: 'NS', name: ZONE.name, data })),
    });
  });

  it.each(['A', 'AAAA', 'TXT', 'CAA', 'DNSKEY', 'DS', 'ANY'])('has no %s record', (type) =>
    expectNodata(ask(ZONE.name, type)),
  );

  it('knows its neighbour from itself', () => {
    expect(ask(OTHER.name, 'NS').answers).toHaveLength(2);
    expect(ask(`${LABEL}.${OTHER.name}`, 'TXT', { values: [VALUE] }).answers).toHaveLength(1);
  });

  it.each([
    'abc',
    'abcdefghij01234',
    'abcdefghij0123456',
    'abcdefghij01234-',
    `x.${LABEL}`,
    `_acme-challenge.${LABEL}`,
    '_probe',
    '_probe-0123',
    `_probe-${NONCE}0`,
    `x._probe-${NONCE}`,
    '*',
    'www',
  ])('has no name %s: NXDOMAIN with the SOA record', (name) => {
    for (const type of ['TXT', 'A']) expectNodata(ask(`${name}.${ZONE.name}`, type), 'NXDOMAIN');
  });

  it('takes a dot within a label for none between two', () => {
    const bytes = queryFor({ name: `x${LABEL}.${ZONE.name}` });
    bytes.write(`${LABEL.slice(0, 15)}.`, 13);
    expect(answerTo(bytes, { values: [VALUE] })).toMatchObject({ rcode: 'NXDOMAIN', answers: [] });
  });
});

describe('what is not answered as asked', () => {
  it.each([
    'example.com',
    'onetime.example',
    'eu.onetime.example',
    `x${ZONE.name}`,
    '.',
    'example',
  ])('is %s, outside: REFUSED, no AA, nothing else', (name) => {
    const message = ask(name, 'A');
    expect(message).toMatchObject({ rcode: 'REFUSED', flag_aa: false, flag_ra: false });
    expect([...message.answers!, ...message.authorities!, ...message.additionals!]).toEqual([]);
  });

  it.each([
    ['AXFR', { type: 'AXFR' }],
    ['IXFR', { type: 'IXFR' }],
    ['CHAOS', { class: 'CH' }],
    ['class ANY', { class: 'ANY' }],
  ])('is %s: REFUSED', (_what, question) => {
    const message = answerTo(queryFor({ name: ZONE.name, ...question }), { values: [VALUE] });
    expect(message).toMatchObject({
      rcode: 'REFUSED',
      flag_aa: false,
      answers: [],
      authorities: [],
    });
  });

  it.each([1, 2, 4, 5, 15])('is opcode %d: NOTIMP', (opcode) => {
    const message = answerTo(queryFor({ name: label }, { flags: opcode << 11 }));
    expect(message).toMatchObject({ rcode: 'NOTIMP', answers: [] });
    expect((message as unknown as { flags: number }).flags >> 11).toBe(opcode);
  });

  it('is two questions, none, or a question that is cut off: FORMERR', () => {
    const two = packet.encode({
      type: 'query',
      id: 9,
      questions: [
        { name: label, type: 'TXT' },
        { name: ZONE.name, type: 'SOA' },
      ],
    });
    const none = packet.encode({ type: 'query', id: 9, questions: [] });
    for (const bytes of [two, none, queryFor({ name: label }).subarray(0, 40)])
      expect(answerTo(bytes, { values: [VALUE] })).toMatchObject({
        rcode: 'FORMERR',
        questions: [],
        answers: [],
      });
  });

  it('is a message that announces records that it does not have: FORMERR', () => {
    const bytes = queryFor({ name: label });
    bytes.writeUInt16BE(0xffff, 10);
    expect(answerTo(bytes)).toMatchObject({ rcode: 'FORMERR' });
    bytes.writeUInt16BE(1, 10);
    expect(answerTo(bytes)).toMatchObject({ rcode: 'FORMERR' });
  });

  it('is a response, or less than a header: silence', () => {
    const bytes = queryFor({ name: label });
    expect(answerBytes(bytes.subarray(0, 11))).toBeNull();
    expect(answerBytes(Buffer.alloc(0))).toBeNull();
    bytes.writeUInt16BE(0x8000, 2);
    expect(answerBytes(bytes)).toBeNull();
    expect(answerBytes(answerBytes(queryFor({ name: label }))!)).toBeNull();
  });
});

describe('EDNS', () => {
  const ednsQuery = (more: object = {}, name = label) => queryFor({ name }, opt(more));

  it('is in the answer only if it was in the query', () => {
    expect(optOf(ask(label))).toBeUndefined();
    for (const name of [label, ZONE.name, 'example.com', `x.${ZONE.name}`])
      expect(optOf(answerTo(ednsQuery({}, name)))).toMatchObject({
        udpPayloadSize: 1232,
        ednsVersion: 0,
        extendedRcode: 0,
        flag_do: false,
      });
    expect(optOf(answerTo(ednsQuery(), { values: null }))).toBeDefined();
  });

  it('has the DO flag back', () => {
    expect(optOf(answerTo(ednsQuery({ flags: 0x8000 })))).toMatchObject({ flag_do: true });
  });

  it('of a later version is BADVERS', () => {
    const message = answerTo(ednsQuery({ ednsVersion: 1 }), { values: [VALUE] });
    expect(message).toMatchObject({ rcode: 'NOERROR', answers: [], flag_aa: false });
    expect(optOf(message)).toMatchObject({ extendedRcode: 1, ednsVersion: 0 });
  });

  it('has options that are not looked at', () => {
    const options = [
      { code: 10, data: Buffer.from('0102030405060708', 'hex') },
      { code: 65_001, data: Buffer.from('??') },
    ];
    const message = answerTo(ednsQuery({ options }), { values: [VALUE] });
    expect(texts(message)).toEqual([[VALUE]]);
    expect(optOf(message)).toMatchObject({ options: [] });
  });

  it('twice is FORMERR', () => {
    const additionals = [opt().additionals[0]!, opt().additionals[0]!];
    expect(answerTo(queryFor({ name: label }, { additionals }))).toMatchObject({
      rcode: 'FORMERR',
    });
  });
});

describe('an answer that does not fit', () => {
  const values = Array.from({ length: 8 }, (_, index) => String(index).padStart(43, '0'));

  it('is empty and truncated over UDP, whole over TCP', () => {
    const message = ask(label, 'TXT', { values });
    expect(message).toMatchObject({ rcode: 'NOERROR', flag_tc: true, flag_aa: true, answers: [] });
    expect(texts(ask(label, 'TXT', { values, transport: 'tcp' }))).toHaveLength(8);
  });

  it('fits where the client says that it takes more, up to 1232 bytes', () => {
    const fits = (udpPayloadSize: number) =>
      !answerTo(queryFor({ name: label }, opt({ udpPayloadSize })), { values }).flag_tc;
    expect([1, 511, 700, 1232, 65_535].map(fits)).toEqual([false, false, false, true, true]);
  });

  it('is no lever: four times the question at most, less than three times for a label with EDNS', () => {
    const gain = (name: string, more: object) => {
      const query = queryFor({ name }, more);
      return answerBytes(query, { values: [VALUE] })!.length / query.length;
    };
    for (const name of [label, ZONE.name, `x.${ZONE.name}`, 'example.com', '.'])
      expect(gain(name, {})).toBeLessThan(4);
    expect(gain(label, opt())).toBeLessThan(3);
    expect(gain(`0${LABEL.slice(1)}.${ZONE.name}`, opt())).toBeLessThan(3);
  });

  it('may be asked for again by TCP, in as many bytes', () => {
    const query = queryFor({ name: label }, opt());
    const truncated = encodeAnswer(readQuery(query)!, truncatedAnswer(), 'udp');
    expect(packet.decode(truncated)).toMatchObject({ flag_tc: true, answers: [], authorities: [] });
    expect(truncated).toHaveLength(query.length);
  });
});

describe('any query', () => {
  const mixedCase = fc
    .tuple(
      fc.constantFrom(
        label,
        ZONE.name,
        `_probe-${NONCE}.${ZONE.name}`,
        `x.${ZONE.name}`,
        'example.com',
      ),
      fc.array(fc.boolean(), { minLength: 80, maxLength: 80 }),
    )
    .map(([name, isUpper]) =>
      name.replace(/[a-z]/gi, (c, at: number) =>
        isUpper[at] === true ? c.toUpperCase() : c.toLowerCase(),
      ),
    );

  it('finds its question in the answer, byte for byte, and its name before each record', () => {
    fc.assert(
      fc.property(
        mixedCase,
        fc.constantFrom('TXT', 'A', 'SOA', 'NS', 'UNKNOWN_65280'),
        fc.nat(0xffff),
        fc.boolean(),
        (name, type, id, recurses) => {
          const query = queryFor({ name, type }, { id, flags: recurses ? 0x100 : 0 });
          const answer = answerBytes(query, { values: [VALUE] })!;
          expect(answer.subarray(12, query.length)).toEqual(query.subarray(12));
          const message = packet.decode(answer);
          expect(message).toMatchObject({ id, flag_qr: true, flag_rd: recurses, flag_ra: false });
          for (const { name: owner } of message.answers!) expect(owner).toBe(name);
          for (const { name: owner } of message.authorities!)
            expect(owner).toBe(name.slice(-ZONE.name.length));
        },
      ),
    );
  });

  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 600 }),
    fc
      .tuple(
        fc.constantFrom(
          queryFor({ name: label }, opt()),
          queryFor({ name: ZONE.name, type: 'SOA' }),
          queryFor({ name: 'example.com', type: 'A' }, opt({ ednsVersion: 1 })),
        ),
        fc.array(fc.tuple(fc.nat(100), fc.nat(255)), { maxLength: 6 }),
        fc.nat(120),
      )
      .map(([message, changes, length]) => {
        const changed = Buffer.from(message);
        for (const [at, value] of changes) changed[at % changed.length] = value;
        return changed.subarray(0, length);
      }),
  );

  it('of any bytes has one answer or none, no question but its own, and no room taken', () => {
    fc.assert(
      fc.property(bytes, fc.constantFrom<DnsTransport[]>('udp', 'tcp'), (raw, transport) => {
        const message = Buffer.from(raw);
        const answer = answerBytes(message, { values: [VALUE, VALUE], transport });
        if (message.length < 12 || (message[2]! & 0x80) !== 0) {
          expect(answer).toBeNull();
          return;
        }
        expect(answer!.subarray(0, 2)).toEqual(message.subarray(0, 2));
        expect(answer!.readUInt16BE(4)).toBeLessThanOrEqual(1);
        expect(answer!.readUInt16BE(6)).toBeLessThanOrEqual(2);
        expect(answer!.length).toBeLessThanOrEqual(transport === 'udp' ? 1232 : 65_535);
        expect((answer![2]! & 0x80) !== 0).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });
});
