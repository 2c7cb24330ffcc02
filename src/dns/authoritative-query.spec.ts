import packet from 'dns-packet';
import { encodeAnswer, lookUp, type AuthoritativeZone } from './authoritative-answer.js';
import { readQuery } from './authoritative-query.js';

const ZONE: AuthoritativeZone = {
  name: 'acme.eu.onetime.example',
  nameServers: ['ns1.eu.onetime.example'],
  contact: 'hostmaster.onetime.example',
};
const HEADER = 12;
const QUESTION = packet
  .encode({ type: 'query', id: 7, questions: [{ name: ZONE.name, type: 'SOA' }] })
  .subarray(HEADER);
const OPT = Buffer.from('0000290000000000000000', 'hex');

/** One question, and these bytes behind it, announced as so many additional records. */
function message(additionals: number, ...behind: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(HEADER);
  header.writeUInt16BE(7, 0);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(additionals, 10);
  return Buffer.concat([header, QUESTION, ...behind]);
}

function codeOf(bytes: Buffer): string | null {
  const query = readQuery(bytes);
  if (query === null) return null;
  const found = lookUp(query, [ZONE]);
  if (found.kind !== 'settled') return found.kind;
  const decoded = packet.decode(encodeAnswer(query, found.answer, 'udp'));
  return (decoded as typeof decoded & { readonly rcode: string }).rcode;
}

/** The question's name in place of the right one. */
function asked(...name: readonly number[]): Buffer {
  const bytes = message(0).subarray(0, HEADER);
  return Buffer.concat([bytes, Buffer.from([...name, 0, 6, 0, 1])]);
}

describe('what strangers send', () => {
  it.each<[string, Buffer]>([
    ['a name that points at itself', asked(0xc0, 12)],
    ['a name that points behind itself', asked(0xc0, 16)],
    ['a name that points at the header', asked(1, 97, 0xc0, 0)],
    ['a label of a reserved kind', asked(0x40, 97, 0)],
    ['a label of 64 bytes', asked(64, ...Buffer.alloc(64, 97), 0)],
    ['a name of 256 bytes', asked(...Array.from({ length: 128 }, () => [1, 97]).flat(), 0)],
    ['a name without an end', message(0).subarray(0, HEADER + 5)],
    ['a question without a class', message(0).subarray(0, -1)],
    ['a record that ends too early', message(1, OPT.subarray(0, -1))],
    [
      'options that are longer than the message',
      message(1, Buffer.from('000029ffff00000000ffff', 'hex')),
    ],
    [
      'an OPT record that is not at the root',
      message(1, Buffer.concat([Buffer.from([1, 97]), OPT])),
    ],
    ['two OPT records', message(2, OPT, OPT)],
    [
      'five records',
      message(5, ...Array.from({ length: 5 }, () => Buffer.from('0000010001000000000000', 'hex'))),
    ],
    ['more records than there are', message(4, OPT)],
  ])('is FORMERR for %s', (_, bytes) => {
    expect(codeOf(bytes)).toBe('FORMERR');
  });

  it.each<[string, Buffer]>([
    ['no OPT record', message(0)],
    ['a size of 0', message(1, OPT)],
    ['flags that nobody knows', message(1, Buffer.from('00002904d000007fff0000', 'hex'))],
    [
      'an option that is cut off',
      message(1, Buffer.from('00002904d000000000000300', 'hex'), Buffer.from('0aff', 'hex')),
    ],
    [
      'a record in front of it whose name points at itself',
      message(2, Buffer.from('c033000100010000000000', 'hex'), Buffer.from('00', 'hex'), OPT),
    ],
    ['bytes behind the last record', message(1, OPT, Buffer.alloc(40, 0xff))],
  ])('is answered with %s', (_, bytes) => {
    expect(codeOf(bytes)).toBe('NOERROR');
  });

  it('is answered for the longest name', () => {
    const name = [63, 63, 63, 61].flatMap((length) => [length, ...Buffer.alloc(length, 97)]);
    expect(codeOf(asked(...name, 0))).toBe('REFUSED');
  });
});
