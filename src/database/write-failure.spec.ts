import { unavailable } from '../shared/app-error.js';
import { notConnected } from './connection-failure.js';
import { takesNoWrites, writeFailureOf } from './write-failure.js';

const coded = (code: string): Error => Object.assign(new Error('some text'), { code });

it.each([
  ['a standby', coded('25006'), 'read-only'],
  ['a full disk', coded('53100'), 'disk full'],
  ['connections that others have', coded('53300'), 'out of connections'],
  ['memory for locks that is used up', coded('53200'), 'refuses writes'],
  ['a disk that fails', coded('58030'), 'refuses writes'],
  ['a lost permission', coded('42501'), 'refuses writes'],
  ['a refused connection', coded('ECONNREFUSED'), 'unreachable'],
  ['a server that is starting', coded('57P03'), 'unreachable'],
  ['a certificate that has expired', notConnected(coded('CERT_HAS_EXPIRED')), 'unreachable'],
])('%s is told apart from the others', (_, error, state) => {
  expect(writeFailureOf(error)).toBe(state);
});

it.each([
  ['a standby', unavailable(coded('25006')), true],
  ['a full disk', unavailable(coded('53100')), true],
  ['a lost permission', coded('42501'), false],
  ['a refused connection', unavailable(coded('ECONNREFUSED')), false],
])('%s is, or is not, a server that takes no writes for now', (_, error, expected) => {
  expect(takesNoWrites(error)).toBe(expected);
});
