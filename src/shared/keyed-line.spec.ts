import { KeyedLine } from './keyed-line.js';

describe(KeyedLine, () => {
  it('runs the work of a key in order, one at a time, also after a failure', async () => {
    const line = new KeyedLine();
    const seen: string[] = [];
    const work = (name: string) => async (): Promise<string> => {
      seen.push(`${name} begins`);
      await new Promise(setImmediate);
      seen.push(`${name} ends`);
      if (name === 'one') throw new Error(name);
      return name;
    };
    const results = await Promise.allSettled(
      ['one', 'two', 'three'].map((name) => line.run('key', work(name))),
    );
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    expect(seen).toEqual([
      'one begins',
      'one ends',
      'two begins',
      'two ends',
      'three begins',
      'three ends',
    ]);
  });

  it('does not let one key wait for another', async () => {
    const line = new KeyedLine();
    let release = (): void => {};
    const held = line.run('one', () => new Promise<void>((resolve) => (release = resolve)));
    expect(await line.run('two', () => Promise.resolve('done'))).toBe('done');
    release();
    await held;
  });
});
