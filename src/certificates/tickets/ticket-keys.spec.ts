import { requireHostname } from '../../shared/hostname.js';
import {
  newTicketSecret,
  TICKET_KEY_PERIOD,
  TICKET_LIFETIME,
  ticketKeyOf,
  TicketKeys,
} from './ticket-keys.js';

let now = 0;
const keyFrom = (sealsFrom: number) => ({
  secret: newTicketSecret(),
  sealsFrom,
  sealsUntil: sealsFrom + TICKET_KEY_PERIOD,
  opensUntil: sealsFrom + TICKET_KEY_PERIOD + TICKET_LIFETIME,
});

describe('TicketKeys', () => {
  let keys: TicketKeys;
  beforeEach(() => {
    now = 0;
    keys = new TicketKeys(() => now);
  });

  it('seals with a secret of its own until there are shared ones, and opens its tickets after', () => {
    const [own, ...others] = keys.usable();
    expect(own).toHaveLength(32);
    expect(others).toEqual([]);
    const shared = keyFrom(-1);
    keys.share([shared]);
    expect(keys.usable()).toEqual([shared.secret, own]);
  });

  it('gives the same array until a key begins or ends', () => {
    const [current, next] = [keyFrom(0), keyFrom(TICKET_KEY_PERIOD)];
    keys.share([current, next]);
    const before = keys.usable();
    expect(before).toEqual([current.secret, next.secret]);
    now = TICKET_KEY_PERIOD - 1;
    expect(keys.usable()).toBe(before);
    now = TICKET_KEY_PERIOD;
    expect(keys.usable()).toEqual([next.secret, current.secret]);
    now = TICKET_KEY_PERIOD + TICKET_LIFETIME;
    expect(keys.usable()).toEqual([next.secret]);
  });

  it('falls back to a secret of its own, replaced each period, when the shared ones have ended', () => {
    keys.share([keyFrom(0)]);
    now = TICKET_KEY_PERIOD;
    const [own] = keys.usable();
    expect(keys.usable()).toHaveLength(2);
    now = 2 * TICKET_KEY_PERIOD;
    const [next, ...others] = keys.usable();
    expect(next).not.toEqual(own);
    expect(others).toEqual([own]);
    now = 2 * TICKET_KEY_PERIOD + TICKET_LIFETIME;
    expect(keys.usable()).toEqual([next]);
  });
});

it('each host and each secret has other keys, the same in every process', () => {
  const secret = newTicketSecret();
  const [one, other] = [requireHostname('a.example'), requireHostname('b.example')];
  expect(ticketKeyOf(secret, one)).toEqual(ticketKeyOf(Buffer.from(secret), one));
  const all = [
    ticketKeyOf(secret, one),
    ticketKeyOf(secret, other),
    ticketKeyOf(newTicketSecret(), one),
  ].flatMap(({ name, hmac, aes }) => [name, hmac, aes]);
  expect(new Set(all.map((part) => part.toString('hex'))).size).toBe(9);
  expect(all.every((part) => part.length === 16)).toBe(true);
});
