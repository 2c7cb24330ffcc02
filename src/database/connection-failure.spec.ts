import {
  QueryFailedError,
  QueryRunnerAlreadyReleasedError,
  QueryRunnerProviderAlreadyReleasedError,
} from 'typeorm';
import { isConnectionFailure } from './connection-failure.js';

function coded(code: string, more: object = {}): Error {
  return Object.assign(new Error('some text'), { code, ...more });
}

describe('isConnectionFailure', () => {
  it.each([
    ['a refused connection', coded('ECONNREFUSED')],
    ['a reset connection', coded('ECONNRESET')],
    ['a name that does not resolve', coded('ENOTFOUND')],
    ['a missing socket file', coded('ENOENT', { syscall: 'connect' })],
    ['a server that is shutting down', coded('57P01')],
    ['a server that is starting', coded('57P03')],
    ['too many connections', coded('53300')],
    ['a connection exception', coded('08006')],
    ['a cancelled statement', coded('57014')],
    ['a standby', coded('25006')],
    ['a login that is refused, as in the middle of a failover', coded('28000')],
    ['a password that was changed', coded('28P01')],
    ['a database that is not there', coded('3D000')],
    ['a session that was idle in its transaction for too long', coded('25P03')],
    ['a deadlock', coded('40P01')],
    ['a conflict with the recovery of a standby', coded('40001')],
    ['a disk that fails', coded('58030')],
    ['a connection that ended', new Error('Connection terminated unexpectedly')],
    ['an exhausted pool', new Error('timeout exceeded when trying to connect')],
    ['a query timeout', new Error('Query read timeout')],
    ['a transaction whose connection was lost', new QueryRunnerAlreadyReleasedError()],
    ['the same through its manager', new QueryRunnerProviderAlreadyReleasedError()],
    ["TypeORM's wrapper of a shutdown", new QueryFailedError('select 1', [], coded('57P01'))],
  ])('is true of %s', (_, error) => {
    expect(isConnectionFailure(error)).toBe(true);
  });

  it.each([
    ['a unique violation', coded('23505')],
    ['a syntax error', coded('42601')],
    ['a denied permission', coded('42501')],
    ['a missing file', coded('ENOENT', { syscall: 'open' })],
    ['a programming error', new TypeError('x is not a function')],
    ["TypeORM's wrapper of a unique violation", new QueryFailedError('insert', [], coded('23505'))],
    ['a string', 'ECONNREFUSED'],
  ])('is false of %s', (_, error) => {
    expect(isConnectionFailure(error)).toBe(false);
  });
});
