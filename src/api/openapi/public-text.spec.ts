import { gunzipSync } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PublicText } from './public-text.js';

const TEXT = 'grüße '.repeat(100);
const text = new PublicText(TEXT, 'text/plain', 'public, no-cache');

async function ask(headers: Record<string, string> = {}) {
  const sent: { status: number; headers: Record<string, string> } = { status: 200, headers: {} };
  const reply = {
    status: (status: number) => (sent.status = status),
    header: (name: string, value: string) => (sent.headers[name] = value),
    headers: (all: Record<string, string>) => Object.assign(sent.headers, all),
  };
  const request = { headers } as unknown as FastifyRequest;
  const body = await text.send(request, reply as unknown as FastifyReply);
  return { ...sent, body };
}

describe(PublicText, () => {
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

  it.each(['gzip', 'br, GZIP;q=0.5', 'deflate, gzip'])(
    'is compressed for a caller that accepts %s, with an ETag of its own',
    async (encoding) => {
      const { headers, body } = await ask({ 'accept-encoding': encoding });
      expect(headers['content-encoding']).toBe('gzip');
      expect(gunzipSync(body ?? '').toString()).toBe(TEXT);
      expect(headers['etag']).not.toBe((await ask()).headers['etag']);
    },
  );

  it.each(['', 'br', 'gzip;q=0', 'br, gzip; q=0.0, deflate', 'xgzip'])(
    'is not compressed for a caller that accepts %p',
    async (encoding) => {
      const { headers, body } = await ask({ 'accept-encoding': encoding });
      expect([headers['content-encoding'], body?.toString()]).toEqual([undefined, TEXT]);
    },
  );

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
