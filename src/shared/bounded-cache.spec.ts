import { boundedCache } from './bounded-cache.js';

it('keeps as many entries as it may, those that were used last', () => {
  const cache = boundedCache<string, number>(2);
  cache.set('a', 1);
  cache.set('b', 2);
  expect(cache.get('a')).toBe(1);
  cache.set('c', 3);
  expect([...cache.keys()].sort()).toEqual(['a', 'c']);
});

it('calls back for what it drops', () => {
  const dropped: string[] = [];
  const cache = boundedCache<string, number>(1, { dispose: (_value, key) => dropped.push(key) });
  cache.set('a', 1);
  cache.set('b', 2);
  expect(dropped).toEqual(['a']);
});
