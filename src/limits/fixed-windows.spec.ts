import { FixedWindows } from './fixed-windows.js';

describe(FixedWindows.name, () => {
  it('counts each key in a window that begins with its first count', () => {
    let now = 0;
    const windows = new FixedWindows(() => now);
    expect(windows.add('a', 60)).toEqual({ used: 1, resetsIn: 60 });
    now = 20_000;
    expect(windows.add('a', 60)).toEqual({ used: 2, resetsIn: 40 });
    expect(windows.add('b', 60)).toEqual({ used: 1, resetsIn: 60 });
    now = 60_000;
    expect(windows.usedOf('a')).toBe(0);
    expect(windows.add('a', 60)).toEqual({ used: 1, resetsIn: 60 });
  });

  it('has a fixed size: the keys that were counted longest ago are forgotten', () => {
    const windows = new FixedWindows(() => 0);
    windows.add('first', 60);
    for (let index = 0; index < 20_000; index += 1) windows.add(`key ${index}`, 60);
    expect(windows.usedOf('first')).toBe(0);
    expect(windows.usedOf('key 19999')).toBe(1);
  });
});
