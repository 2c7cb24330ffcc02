import { requireFewJsonValues } from './json-marks.js';

const check = (text: string) => () => requireFewJsonValues(Buffer.from(text));

describe(requireFewJsonValues, () => {
  it.each([
    ['a list of numbers', `[${'0,'.repeat(5000)}0]`],
    ['a list of objects', `[${'{},'.repeat(2500)}{}]`],
    ['names', `{${'"a":0,'.repeat(2500)}"a":0}`],
    ['depth', '['.repeat(5001)],
    ['values behind an escaped quote', `["\\"",${'0,'.repeat(5000)}0]`],
    ['values behind an escaped backslash', `["\\\\",${'0,'.repeat(5000)}0]`],
  ])('refuses too many: %s', (_what, text) => {
    expect(check(text)).toThrow(expect.objectContaining({ code: 'invalid_request' }));
  });

  it.each([
    ['a thousand names', `{${'"name":"value",'.repeat(999)}"name":""}`],
    ['one long string of marks', `{"secret":"${',:[{'.repeat(250_000)}"}`],
    ['a string with escapes', `{"secret":"${'\\"'.repeat(200_000)},${','.repeat(10_000)}"}`],
  ])('accepts %s', (_what, text) => {
    expect(check(text)).not.toThrow();
    expect(() => JSON.parse(text)).not.toThrow();
  });
});
