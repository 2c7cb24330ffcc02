import { QueryFailedError } from 'typeorm';
import { knownError } from './known-error.js';

function coded(code: string): Error {
  return Object.assign(new Error('some text'), { code });
}

describe('knownError', () => {
  it.each([
    ['NUL in a text', coded('22021')],
    ['NUL in JSON', coded('22P05')],
    ["TypeORM's wrapper of it", new QueryFailedError('select 1', [], coded('22021'))],
  ])('makes a mistake of the caller of %s', (_, cause) => {
    expect(knownError(cause)).toMatchObject({ code: 'invalid_request', cause });
  });

  it('makes an outage of a failed connection', () => {
    expect(knownError(coded('ECONNREFUSED'))).toMatchObject({ code: 'unavailable' });
  });

  it('leaves any other fault what it is', () => {
    for (const fault of [coded('42P01'), coded('22P02'), new Error('22021'), '22021'])
      expect(knownError(fault)).toBe(fault);
  });
});
