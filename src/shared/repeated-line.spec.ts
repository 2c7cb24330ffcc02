import { RepeatedLine } from './repeated-line.js';

describe(RepeatedLine.name, () => {
  const dueSeconds = (line: RepeatedLine, reason: string, from: number, to: number): number[] => {
    const due: number[] = [];
    for (let second = from; second <= to; second += 2)
      if (line.isDue(reason, second * 1000)) due.push(second);
    return due;
  };

  it('is due after pauses that double up to a minute, however often it is tried', () => {
    const due = dueSeconds(new RepeatedLine(), 'away', 0, 250);
    expect(due).toEqual([0, 2, 6, 14, 30, 62, 122, 182, 242]);
  });

  it('is due at once for another reason, and begins anew', () => {
    const line = new RepeatedLine();
    dueSeconds(line, 'away', 0, 100);
    expect(dueSeconds(line, 'not migrated', 102, 120)).toEqual([102, 104, 108, 116]);
  });
});
