import { randomBytes } from 'node:crypto';
import type { Region } from '../../config/region.js';
import type { RootKeys } from '../../config/root-key.js';
import { DAY } from '../../shared/durations.js';
import { isTicketOf, newReturnTicket, parseReturnTicket } from './return-ticket.js';

const eu = 'eu' as Region;
const keys: RootKeys = [{ version: 1, bytes: randomBytes(32) }];
const claim = { extid: 'cd0123456789abcdefgh', targetLabel: 'k3v9q2m8x7c1b5n0' };
const now = new Date('2026-11-27T12:00:00Z');
const text = newReturnTicket(keys, eu, claim, now);
const isGood = (ticket: string, changes: Partial<typeof claim> = {}, at = now, region = eu) => {
  const parsed = parseReturnTicket(ticket);
  return parsed !== null && isTicketOf(parsed, keys, region, { ...claim, ...changes }, at);
};

describe('a return ticket', () => {
  it('is good for its claim, for two days', () => {
    expect(text).toMatch(/^[A-Za-z0-9._-]+$/);
    expect(isGood(text)).toBe(true);
    expect(isGood(text, {}, new Date(now.getTime() + 2 * DAY))).toBe(true);
    expect(isGood(text, {}, new Date(now.getTime() + 3 * DAY))).toBe(false);
    expect(isGood(text, {}, new Date(now.getTime() - DAY))).toBe(false);
  });

  it('is not good for another claim, a claim made anew, another region, or another day', () => {
    expect(isGood(text, { targetLabel: '0000000000000000' })).toBe(false);
    expect(isGood(text, { extid: 'cd0123456789abcdefgi' })).toBe(false);
    expect(isGood(text, {}, now, 'us' as Region)).toBe(false);
    const [extid, day, tag] = text.split('.');
    expect(isGood(`${extid}.${Number(day) + 1}.${tag}`, {}, new Date(now.getTime() + DAY))).toBe(
      false,
    );
  });

  it('is refused in any other form', () => {
    for (const other of ['', 'x', `${text}0`, `${text}/`, text.toUpperCase(), text.slice(1)])
      expect(parseReturnTicket(other)).toBeNull();
  });
});
