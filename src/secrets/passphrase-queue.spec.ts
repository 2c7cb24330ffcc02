import { newSalt } from '../shared/argon2-queue.js';
import { PassphraseQueue } from './passphrase-queue.js';

/** Each hash ends when the test ends it. */
class HeldQueue extends PassphraseQueue {
  readonly started: string[] = [];
  readonly #finish: (() => void)[] = [];

  protected override hash(passphrase: string): Promise<Buffer> {
    this.started.push(passphrase);
    return new Promise((resolve) => this.#finish.push(() => resolve(Buffer.from(passphrase))));
  }

  async finishOne(): Promise<void> {
    this.#finish.shift()?.();
    await settled();
  }
}

/** Resolves when every pending continuation has run. */
const settled = () => new Promise(setImmediate);

const salt = newSalt();
const busy = expect.objectContaining({ code: 'busy', retryAfterSeconds: expect.any(Number) });

function fill(queue: PassphraseQueue, count: number, networkOf: (index: number) => string) {
  return Array.from({ length: count }, (_, index) =>
    queue.stretch(`${index}`, salt, networkOf(index)),
  );
}

describe(PassphraseQueue.name, () => {
  it('stretches by the passphrase and the salt only', async () => {
    const queue = new PassphraseQueue();
    const [one, again, otherPhrase, otherSalt] = await Promise.all([
      queue.stretch('correct horse', salt, 'a'),
      queue.stretch('correct horse', salt, 'b'),
      queue.stretch('correct house', salt, 'a'),
      queue.stretch('correct horse', newSalt(), 'a'),
    ]);
    expect(one).toHaveLength(32);
    expect(one.equals(again)).toBe(true);
    expect(one.equals(otherPhrase)).toBe(false);
    expect(one.equals(otherSalt)).toBe(false);
  });

  it('runs two at a time, the others in the order of arrival', async () => {
    const queue = new HeldQueue();
    const all = Promise.all(fill(queue, 5, () => 'a'));
    await settled();
    expect(queue.started).toEqual(['0', '1']);
    await queue.finishOne();
    expect(queue.started).toEqual(['0', '1', '2']);
    for (let left = 4; left > 0; left -= 1) await queue.finishOne();
    await expect(all).resolves.toHaveLength(5);
    expect(queue.started).toEqual(['0', '1', '2', '3', '4']);
  });

  it('admits one network to a quarter of the places, and serves another one in its turn', async () => {
    const queue = new HeldQueue();
    const greedy = fill(queue, 2 + 16, () => 'greedy');
    await expect(queue.stretch('x', salt, 'greedy')).rejects.toEqual(busy);
    const modest = queue.stretch('modest', salt, 'modest');
    for (let left = 19; left > 0; left -= 1) await queue.finishOne();
    await expect(Promise.all([...greedy, modest])).resolves.toHaveLength(19);
    expect(queue.started.indexOf('modest')).toBeLessThan(5);
  });

  it('takes a place from four networks that fill it, for a fifth', async () => {
    const queue = new HeldQueue();
    const greedy = fill(queue, 2 + 64, (index) => `network ${index % 4}`);
    const refused = Promise.allSettled(greedy);
    await settled();
    const fifth = queue.stretch('fifth', salt, 'fifth');
    for (let left = 66; left > 0; left -= 1) await queue.finishOne();
    await fifth;
    expect((await refused).filter(({ status }) => status === 'rejected')).toHaveLength(1);
    expect(queue.started.indexOf('fifth')).toBeLessThan(8);
  });

  it('keeps every second place for concealing, and serves misses last', async () => {
    const queue = new HeldQueue();
    const all = [
      queue.stretch('first', salt, 'a'),
      queue.stretch('second', salt, 'a'),
      queue.stretch('miss', salt, 'a', 'miss'),
      ...Array.from({ length: 8 }, (_, index) => queue.stretch(`open ${index}`, salt, `n${index}`)),
      queue.stretch('conceal', salt, 'b', 'conceal'),
    ];
    await settled();
    for (let left = all.length; left > 0; left -= 1) await queue.finishOne();
    await Promise.all(all);
    expect(queue.started.indexOf('conceal')).toBeLessThan(4);
    expect(queue.started.at(-1)).toBe('miss');
  });

  it('refuses when 64 are waiting, and admits again when one has ended', async () => {
    const queue = new HeldQueue();
    const admitted = fill(queue, 2 + 64, (index) => `network ${index}`);
    await expect(queue.stretch('x', salt, 'late')).rejects.toEqual(busy);
    await queue.finishOne();
    const late = queue.stretch('x', salt, 'late');
    for (let left = 66; left > 0; left -= 1) await queue.finishOne();
    await expect(Promise.all([...admitted, late])).resolves.toHaveLength(67);
  });
});
