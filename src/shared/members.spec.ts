import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Members } from './members.js';

const MIB = 1024 * 1024;

interface Member {
  readonly name: string;
  readonly rest?: readonly number[];
}

const [one, two, three]: readonly Member[] = [{ name: '1' }, { name: '2' }, { name: '3' }];

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

const oldBytes = (): number =>
  getHeapSpaceStatistics().find(({ space_name: name }) => name === 'old_space')?.space_used_size ??
  NaN;

describe(Members.name, () => {
  let members: Members<Member>;
  let leaves: (() => boolean)[];
  beforeEach(() => {
    members = new Members();
    leaves = [one, two, three].map((member) => members.add(member as Member));
  });

  it('has its members in the order in which they came', () => {
    expect([...members]).toEqual([one, two, three]);
    expect([members.size, members.first]).toEqual([3, one]);
  });

  it.each([
    [0, [two, three]],
    [1, [one, three]],
    [2, [one, two]],
  ])('lets number %i leave once', (index, left) => {
    expect([leaves[index]?.(), leaves[index]?.()]).toEqual([true, false]);
    expect([...members]).toEqual(left);
    expect([members.size, members.first]).toEqual([2, left[0]]);
  });

  it('is empty when all have left, and may be joined again', () => {
    for (const leave of leaves) leave();
    expect([members.size, members.first, [...members]]).toEqual([0, null, []]);
    members.add(two as Member);
    expect([...members]).toEqual([two]);
  });

  it('has the same member twice when it was added twice', () => {
    const leave = members.add(one as Member);
    leave();
    expect([...members]).toEqual([one, two, three]);
  });

  it('visits none that leaves before its turn, and all others', () => {
    const visited: Member[] = [];
    for (const member of members) {
      visited.push(member);
      if (member === one) for (const leave of leaves.slice(0, 2)) leave();
    }
    expect(visited).toEqual([one, three]);
  });

  it('keeps none that has left in the old generation', () => {
    // What is there at a full collection is of the old generation from then on.
    collectGarbage();
    const before = oldBytes();
    let most = 0;
    for (let count = 0; count < 100_000; count += 1) {
      leaves[count % 10]?.();
      leaves[count % 10] = members.add({
        name: `${count}`,
        rest: Array.from({ length: 60 }, () => count),
      });
      if (count % 1000 === 0) most = Math.max(most, oldBytes() - before);
    }
    expect(most).toBeLessThan(MIB);
  });
});
