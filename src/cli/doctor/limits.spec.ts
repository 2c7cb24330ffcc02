import { skewFinding } from './clock-check.js';
import { spaceFinding } from './disk-checks.js';

const GIB = 1024 ** 3;

describe(skewFinding, () => {
  it.each([
    [0, 'good', /0\.0 s ahead of/],
    [30_000, 'good', /30\.0 s ahead of that of the database/],
    [-30_000, 'good', /30\.0 s behind that of the database/],
    [30_100, 'bad', /30\.1 s ahead of/],
    [-86_400_000, 'bad', /86400\.0 s behind/],
  ])('judges a clock that is %d ms ahead', (ahead, verdict, found) => {
    const finding = skewFinding('the database', ahead);
    expect(finding).toMatchObject({ verdict, found: expect.stringMatching(found) });
    expect(finding.action).toBe(verdict === 'good' ? null : 'set both clocks by NTP');
  });
});

describe(spaceFinding, () => {
  it.each([
    ['half of a disk', { free: 50 * GIB, size: 100 * GIB }, 'good', '50 GiB (50 %)'],
    ['a tenth of a disk', { free: 2 * GIB, size: 20 * GIB }, 'good', '2 GiB (10 %)'],
    ['a little of a huge disk', { free: 20 * GIB, size: 1000 * GIB }, 'good', '20 GiB (2 %)'],
    ['little', { free: 1.5 * GIB, size: 20 * GIB }, 'note', '1.5 GiB (7 %)'],
    ['next to nothing', { free: GIB / 2, size: 20 * GIB }, 'bad', '512 MiB (2 %)'],
    ['nothing', { free: 0, size: 20 * GIB }, 'bad', '0 bytes (0 %)'],
  ])('judges %s', (_, space, verdict, found) => {
    const finding = spaceFinding('/data', space);
    expect(finding).toMatchObject({ verdict, found: `${found} free at the data dir /data` });
    expect(finding.action).toBe(
      verdict === 'good' ? null : 'make space: PostgreSQL stops taking writes on a full disk',
    );
  });
});
