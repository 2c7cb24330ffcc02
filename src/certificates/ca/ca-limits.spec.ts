import { PUBLIC_CA_LIMITS } from '../../config/acme-limits.js';
import { certificatesPerName } from './ca-limits.js';

const DAY_SECONDS = 86_400;
const LIMIT = PUBLIC_CA_LIMITS.certificatesPerName;

describe('certificatesPerName', () => {
  it.each([
    [null, 3],
    [90 * DAY_SECONDS, 3],
    [45 * DAY_SECONDS, 3],
    [160 * 3600, 4],
    [DAY_SECONDS, 22],
  ])('for a lifetime of %j seconds is %d a week', (lifetime, count) => {
    expect(certificatesPerName(LIMIT, lifetime)).toEqual({ count, periodSeconds: 7 * DAY_SECONDS });
  });

  it('allows every renewal of any lifetime, and at most twice as many certificates', () => {
    for (const lifetime of [60, 300, 3600, 6 * DAY_SECONDS, 30 * DAY_SECONDS]) {
      const renewals = (7 * DAY_SECONDS) / ((lifetime * 2) / 3);
      const { count } = certificatesPerName(LIMIT, lifetime);
      expect(count).toBeGreaterThan(renewals);
      expect(count).toBeLessThanOrEqual(Math.max(3, 2 * Math.ceil(renewals)));
    }
  });
});
