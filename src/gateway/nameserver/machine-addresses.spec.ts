import { machineAddresses } from './machine-addresses.js';

const at = (address: string) => ({ address }) as never;
const INTERFACES = {
  lo: [at('127.0.0.1'), at('::1')],
  eth0: [at('192.0.2.1'), at('192.0.2.2'), at('2001:db8::1'), at('fe80::1')],
};

describe('machineAddresses', () => {
  it.each([
    [['192.0.2.2'], ['192.0.2.2']],
    [['0.0.0.0'], ['127.0.0.1', '192.0.2.1', '192.0.2.2']],
    [
      ['0.0.0.0', '::'],
      ['127.0.0.1', '192.0.2.1', '192.0.2.2', '::1', '2001:db8::1'],
    ],
    [['::'], ['127.0.0.1', '::1', '192.0.2.1', '192.0.2.2', '2001:db8::1']],
    [
      ['192.0.2.1', '0.0.0.0'],
      ['192.0.2.1', '127.0.0.1', '192.0.2.2'],
    ],
  ])('%j are the sockets %j', (addresses, sockets) => {
    expect(machineAddresses(addresses, INTERFACES)).toEqual(sockets);
  });
});
