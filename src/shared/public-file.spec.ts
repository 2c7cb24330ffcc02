import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PublicFile } from './public-file.js';

const TEXT = 'grüße '.repeat(100);
const text = new PublicFile(TEXT, 'text/plain', 'public, no-cache');

async function ask(headers: Record<string, string> = {}, file = text) {
  const sent: { status: number; headers: Record<string, string> } = { status: 200, headers: {} };
  const reply = {
    status: (status: number) => (sent.status = status),
    header: (name: string, value: string) => (sent.headers[name] = value),
    headers: (all: Record<string, string>) => Object.assign(sent.headers, all),
  };
  const request = { headers } as unknown as FastifyRequest;
  const body = await file.send(request, reply as unknown as FastifyReply);
  return { ...sent, body };
}

describe(PublicFile, () => {
  it('is sent with a strong ETag', async () => {
    const { status, headers, body } = await ask();
    expect([status, body?.toString()]).toEqual([200, TEXT]);
    expect(headers).toEqual({
      etag: expect.stringMatching(/^"[\w-]{43}"$/),
      'cache-control': 'public, no-cache',
      vary: 'accept-encoding',
      'content-type': 'text/plain; charset=utf-8',
    });
  });

  it.each([
    ['gzip', 'gzip', gunzipSync],
    ['deflate, GZIP;q=0.5', 'gzip', gunzipSync],
    ['gzip, br', 'br', brotliDecompressSync],
  ] as const)('is compressed for a caller that accepts %s', async (accepted, coding, open) => {
    const { headers, body } = await ask({ 'accept-encoding': accepted });
    expect(headers['content-encoding']).toBe(coding);
    expect(open(body ?? '').toString()).toBe(TEXT);
    expect(headers['etag']).not.toBe((await ask()).headers['etag']);
  });

  it.each(['', 'gzip;q=0', 'br;q=0, gzip; q=0.0, deflate', 'xgzip'])(
    'is not compressed for a caller that accepts %p',
    async (encoding) => {
      const { headers, body } = await ask({ 'accept-encoding': encoding });
      expect([headers['content-encoding'], body?.toString()]).toEqual([undefined, TEXT]);
    },
  );

  it('is sent as it is when it is an image', async () => {
    const image = new PublicFile(Buffer.from(TEXT), 'image/png', 'no-cache');
    const { headers, body } = await ask({ 'accept-encoding': 'gzip, br' }, image);
    expect(headers).toMatchObject({ 'content-type': 'image/png' });
    expect(headers).not.toHaveProperty('content-encoding');
    expect(body?.toString()).toBe(TEXT);
  });

  it.each([(tag: string) => tag, (tag: string) => `"other", W/${tag}`, () => '*'])(
    'is not sent again to a caller that has it',
    async (write) => {
      const { etag = '' } = (await ask()).headers;
      const { status, headers, body } = await ask({ 'if-none-match': write(etag) });
      expect([status, headers['etag'], body]).toEqual([304, etag, undefined]);
    },
  );

  it('is sent to a caller that has another text', async () => {
    expect((await ask({ 'if-none-match': '"other"' })).status).toBe(200);
  });
});
