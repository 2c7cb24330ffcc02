import { formatFields, formatTable } from './text-layout.js';

describe(formatFields, () => {
  it('aligns the values', () => {
    expect(formatFields({ email: 'a@b.cd', plan: 'basic' })).toBe(
      'email      a@b.cd\nplan       basic',
    );
  });
});

describe(formatTable, () => {
  it('aligns columns under their names, without trailing spaces', () => {
    const rows = [
      { email: 'ann@example.com', plan: 'basic' },
      { email: 'b@c.de', plan: 'identity_plus' },
    ];
    expect(formatTable(rows)).toBe(
      ['email            plan', 'ann@example.com  basic', 'b@c.de           identity_plus'].join(
        '\n',
      ),
    );
  });
});
