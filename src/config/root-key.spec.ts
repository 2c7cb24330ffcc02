import { randomBytes } from 'node:crypto';
import { parseRootKeys } from './root-key.js';

const random = (): string => randomBytes(32).toString('base64');

describe('parseRootKeys', () => {
  it('reads a bare key as version 1, and several with the current one first', () => {
    const [first, second] = [random(), random()];
    expect(parseRootKeys(first)).toEqual([{ version: 1, bytes: Buffer.from(first, 'base64') }]);
    expect(parseRootKeys(`2:${second}, 1:${first}`).map((key) => key.version)).toEqual([2, 1]);
  });

  it.each([
    ['too short', randomBytes(16).toString('base64')],
    ['too long', randomBytes(33).toString('base64')],
    ['not base64', 'not a key at all'],
    ['empty', ''],
    ['all zero', Buffer.alloc(32).toString('base64')],
    ['text', Buffer.from('changeme-changeme-changeme-12345').toString('base64')],
    ['a sequence', Buffer.from(Array.from({ length: 32 }, (_, index) => index)).toString('base64')],
    ['a version twice', `1:${random()},1:${random()}`],
    ['version zero', `0:${random()}`],
  ])('refuses a key that is %s, with an error that does not contain it', (_what, text) => {
    expect(() => parseRootKeys(text)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(text || 'never') as string }),
    );
  });
});
