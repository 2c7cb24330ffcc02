import { FreshReads } from './fresh-reads.js';

/** Reads that end when a test says so. */
function controlledReads() {
  const begun: PromiseWithResolvers<string>[] = [];
  const read = (): Promise<string> => {
    const one = Promise.withResolvers<string>();
    begun.push(one);
    return one.promise;
  };
  return { begun, read };
}

describe('FreshReads', () => {
  it('reads once for all who come during a read, and after it, so that they see what was written before they came', async () => {
    const { begun, read } = controlledReads();
    const reads = new FreshReads<string>();
    const first = reads.read('a', read);
    const later = [reads.read('a', read), reads.read('a', read), reads.read('a', read)];
    begun[0]!.resolve('old');
    expect(await first).toBe('old');
    expect(begun).toHaveLength(2);
    begun[1]!.resolve('new');
    expect(await Promise.all(later)).toEqual(['new', 'new', 'new']);
    expect(begun).toHaveLength(2);
  });

  it('reads again for who comes during the second read', async () => {
    const { begun, read } = controlledReads();
    const reads = new FreshReads<string>();
    const [, second] = [reads.read('a', read), reads.read('a', read)];
    begun[0]!.resolve('1');
    await Promise.resolve();
    await until(() => begun.length === 2);
    const third = reads.read('a', read);
    begun[1]!.resolve('2');
    expect(await second).toBe('2');
    await until(() => begun.length === 3);
    begun[2]!.resolve('3');
    expect(await third).toBe('3');
  });

  it('goes on after a read that failed, and keeps keys apart', async () => {
    const { begun, read } = controlledReads();
    const reads = new FreshReads<string>();
    const first = reads.read('a', read);
    const next = reads.read('a', read);
    const other = reads.read('b', read);
    expect(begun).toHaveLength(2);
    begun[1]!.resolve('b');
    expect(await other).toBe('b');
    begun[0]!.reject(new Error('gone'));
    await expect(first).rejects.toThrow('gone');
    await until(() => begun.length === 3);
    begun[2]!.resolve('back');
    expect(await next).toBe('back');
  });
});

async function until(condition: () => boolean): Promise<void> {
  for (let turns = 0; turns < 100 && !condition(); turns += 1) await Promise.resolve();
  expect(condition()).toBe(true);
}
