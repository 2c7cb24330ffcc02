import { randomBytes } from 'node:crypto';
import type { Region } from '../../config/region.js';
import type { RootKeys } from '../../config/root-key.js';
import { answerProbe, parseProbePath, probePath, readProbeAnswer } from './probe-protocol.js';

const eu = 'eu' as Region;
const us = 'us' as Region;
const newKeys = (): RootKeys => [{ version: 1, bytes: randomBytes(32) }];
const nonce = 'ab'.repeat(16);
const question = { region: eu, hostname: 'secrets.example.com', nonce };

describe('a routing probe', () => {
  const keys = newKeys();
  const answer = answerProbe(keys, eu, 'secrets.example.com', nonce);

  it('has a path that parses back, and no other path does', () => {
    expect(parseProbePath(probePath(question))).toEqual({ region: 'eu', nonce });
    const wrong = ['', `${probePath(question)}/`, `${probePath(question)}?x`, '/.well-known/x'];
    expect(wrong.map(parseProbePath)).toEqual([null, null, null, null]);
  });

  it('is answered with `REGION HMAC`, whatever the letter case of the hostname', () => {
    expect(answer).toMatch(/^eu [0-9a-f]{64}$/);
    expect(answerProbe(keys, eu, 'SECRETS.example.com', nonce)).toBe(answer);
    expect(readProbeAnswer(`${answer}\n`, keys, question)).toBe('ours');
  });

  it('reports an answer with another region', () => {
    const other = answerProbe(newKeys(), us, 'secrets.example.com', nonce);
    expect(readProbeAnswer(other, keys, question)).toBe('other_region');
  });

  it('does not accept an answer without the key or to another question', () => {
    const strangers = [
      '',
      answerProbe(keys, us, 'secrets.example.com', nonce).replace('us ', 'eu '),
      '<html>',
      `eu ${'0'.repeat(64)}`,
      answerProbe(newKeys(), eu, 'secrets.example.com', nonce),
      answerProbe(keys, eu, 'other.example.com', nonce),
      answerProbe(keys, eu, 'secrets.example.com', 'cd'.repeat(16)),
      answer.replace('eu ', 'eu  '),
    ];
    for (const body of strangers) expect(readProbeAnswer(body, keys, question)).toBe('stranger');
  });

  it('accepts an answer with any root key of the region', () => {
    const [old] = keys;
    const [fresh] = newKeys();
    const replica: RootKeys = [{ ...fresh, version: 2 }, old];
    expect(readProbeAnswer(answer, replica, question)).toBe('ours');
    const theirs = answerProbe(replica, eu, 'secrets.example.com', nonce);
    expect(readProbeAnswer(theirs, [old, { ...fresh, version: 2 }], question)).toBe('ours');
  });
});
