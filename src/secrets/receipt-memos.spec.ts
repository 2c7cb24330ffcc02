import { plainMemo } from './receipt-memos.js';

describe(plainMemo, () => {
  it.each([
    ['', ''],
    ['for Ann', 'for Ann'],
    ['  for\r\n\tAnn  ', 'for Ann'],
    ['<b>for</b> <i class="x">Ann</i>', 'for Ann'],
    ['<script>alert(1)</script>', 'alert(1)'],
    ['<img src=x onerror=alert(1)', 'img src=x onerror=alert(1)'],
    ['<<b>script>', 'script>'],
    ['1 < 2 and 3 > 2', '1 < 2 and 3 > 2'],
    ['a < b', 'a < b'],
  ])('%j becomes %j', (text, memo) => {
    expect(plainMemo(text)).toBe(memo);
  });

  it('has no start of a tag, whatever is sent', () => {
    for (const text of ['<<<a', '<a<b>', '<a <b>c', '</', '<!--', '<a<a<a>>>'])
      expect(plainMemo(text)).not.toMatch(/<[a-z/!?]/i);
  });

  it('cuts between characters, at 500', () => {
    expect(plainMemo('😀'.repeat(501))).toBe('😀'.repeat(500));
  });

  it('reads a long text once', () => {
    // Of the processor, in microseconds: others may have it meanwhile.
    const before = process.cpuUsage();
    plainMemo('<'.repeat(1_000_000));
    plainMemo('<a '.repeat(300_000));
    expect(process.cpuUsage(before).user).toBeLessThan(5_000_000);
  });
});
