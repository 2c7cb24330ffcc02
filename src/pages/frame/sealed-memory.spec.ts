import { jest } from '@jest/globals';
import { SealedMemory } from './sealed-memory.js';

const NETWORK = '192.0.2.0/24';
const TEXT = 'a text that nobody else may read';

let memory: SealedMemory;

beforeEach(() => {
  jest.useFakeTimers();
  // The cache takes an instant of zero for none.
  jest.advanceTimersByTime(1);
  memory = new SealedMemory(1000);
});
afterEach(() => jest.useRealTimers());

describe(SealedMemory.name, () => {
  it('gives a text to its secret only', () => {
    memory.keep('secret', TEXT, NETWORK);
    expect(memory.recall('secret')).toBe(TEXT);
    expect(memory.recall('another')).toBeNull();
  });

  it('erases it after its time without a call', () => {
    memory.keep('secret', TEXT, NETWORK);
    jest.advanceTimersByTime(1100);
    expect(memory.size).toBe(0);
    expect(memory.recall('secret')).toBeNull();
  });

  it('keeps at most an eighth of its bytes for one network, and frees them', () => {
    const large = 'x'.repeat(1024 * 1024 - 100);
    for (let n = 0; n < 10; n += 1) memory.keep(`flood ${n}`, large, NETWORK);
    expect(memory.size).toBe(4);
    memory.keep('secret', TEXT, '198.51.100.0/24');
    expect(memory.recall('secret')).toBe(TEXT);
    jest.advanceTimersByTime(1100);
    memory.keep('later', large, NETWORK);
    expect(memory.recall('later')).toHaveLength(large.length);
  });

  it('counts a text that is replaced once', () => {
    const large = 'x'.repeat(1024 * 1024 - 100);
    for (let n = 0; n < 10; n += 1) memory.keep('same', large, NETWORK);
    memory.keep('another', large, NETWORK);
    expect([memory.size, memory.recall('another') === large]).toEqual([2, true]);
  });

  it('keeps no text that is larger than a page', () => {
    memory.keep('secret', 'x'.repeat(1024 * 1024 + 1), NETWORK);
    expect(memory.recall('secret')).toBeNull();
  });
});
