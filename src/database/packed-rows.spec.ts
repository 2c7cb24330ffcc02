import { PackedRows } from './packed-rows.js';

/** A field as record_send() writes it: its type, its length, its bytes. */
function field(bytes: Buffer | null): Buffer {
  const head = Buffer.alloc(8);
  head.writeInt32BE(bytes?.length ?? -1, 4);
  return Buffer.concat([head, bytes ?? Buffer.alloc(0)]);
}

function row(...fields: (Buffer | null)[]): Buffer {
  const count = Buffer.alloc(4);
  count.writeInt32BE(fields.length);
  return Buffer.concat([count, ...fields.map(field)]);
}

const words = (...values: number[]): Buffer =>
  Buffer.concat(
    values.map((value) => {
      const word = Buffer.alloc(4);
      word.writeInt32BE(value);
      return word;
    }),
  );

it('reads each type and each null, also where a row is cut into two parts', () => {
  const texts = Buffer.concat([
    words(1, 0, 25, 2, 1, 1),
    Buffer.from('a'),
    words(2),
    Buffer.from('ä'),
  ]);
  const bytes = Buffer.concat([
    row(words(-7), Buffer.of(0xff, 0xfe), null, Buffer.of(1), Buffer.of(0)),
    row(Buffer.from('grün'), null, texts, words(0, 0, 25), Buffer.of(1, 2), null),
    // One microsecond after a second of 2000, and one before 2000.
    row(words(0, 1_000_001), words(-1, -1), null),
  ]);
  const rows = PackedRows.of([{ bytes: bytes.subarray(0, 21) }, { bytes: bytes.subarray(21) }]);
  expect(rows.next()).toBe(true);
  expect([rows.int(), rows.int(), rows.intOrNull()]).toEqual([-7, -2, null]);
  expect([rows.flag(), rows.flag()]).toEqual([true, false]);
  expect(rows.next()).toBe(true);
  expect([rows.text(), rows.textOrNull()]).toEqual(['grün', null]);
  expect([rows.texts(), rows.texts()]).toEqual([['a', 'ä'], []]);
  expect([rows.buffer(), rows.bufferOrNull()]).toEqual([Buffer.of(1, 2), null]);
  expect(rows.next()).toBe(true);
  expect(rows.instant()).toEqual(new Date('2000-01-01T00:00:01.000Z'));
  expect(rows.instant()).toEqual(new Date('1999-12-31T23:59:59.999Z'));
  expect(rows.instantOrNull()).toBeNull();
  expect(rows.next()).toBe(false);
  expect(PackedRows.of([]).next()).toBe(false);
});
