import { randomBytes } from 'node:crypto';
import { BOX_KEY_BYTES, openBox, sealBox } from './sealed-box.js';

describe(sealBox, () => {
  const key = randomBytes(BOX_KEY_BYTES);
  const context = Buffer.from('context');

  it.each(['', 'text', 'tökén 🔑'])('opens %j under the same key and context', (text) => {
    expect(openBox(key, sealBox(key, text, context), context)).toBe(text);
  });

  it('makes a different box each time', () => {
    expect(sealBox(key, 'text', context).equals(sealBox(key, 'text', context))).toBe(false);
  });

  it('does not open under another key or context, or when a byte was changed', () => {
    const box = sealBox(key, 'text', context);
    expect(openBox(randomBytes(BOX_KEY_BYTES), box, context)).toBeNull();
    expect(openBox(key, box, Buffer.from('another'))).toBeNull();
    for (const index of box.keys()) {
      const changed = Buffer.from(box);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(openBox(key, changed, context)).toBeNull();
    }
    expect(openBox(key, box.subarray(0, 27), context)).toBeNull();
  });
});
