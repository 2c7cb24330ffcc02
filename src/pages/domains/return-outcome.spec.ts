import { outcomeOf } from './return-outcome.js';

describe(outcomeOf.name, () => {
  it.each([
    [{}, 'returned'],
    [{ error: '' }, 'returned'],
    [{ state: 'x' }, 'returned'],
    [{ error: 'access_denied' }, 'cancelled'],
    [{ error: 'invalid_request', error_description: 'user_cancel: closed' }, 'cancelled'],
    [{ error: 'server_error' }, 'unavailable'],
    [{ error: 'temporarily_unavailable' }, 'unavailable'],
    [{ error: 'invalid_request' }, 'rejected'],
    [{ error: 'unauthorized_client' }, 'rejected'],
    [{ error: '<script>' }, 'rejected'],
    [{ error: ['access_denied', 'x'] }, 'cancelled'],
    [{ error: { a: 'b' } }, 'returned'],
  ])('of %j is %s', (query, outcome) => {
    expect(outcomeOf(query)).toBe(outcome);
  });
});
