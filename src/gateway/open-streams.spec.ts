import { EventEmitter } from 'node:events';
import type { ServerHttp2Stream } from 'node:http2';
import { OpenStreams } from './open-streams.js';

class FakeStream extends EventEmitter {
  isEnded = false;

  constructor(readonly headersSent = true) {
    super();
  }

  close(): void {}

  /** Its close is told later. */
  destroy(): void {
    this.isEnded = true;
  }
}

const LIMITS = { streamsPerAddress: 2, streamsPerNetwork: 3, streamsMax: 5 };
const NETWORK = '10.0.0.0/24';

describe(OpenStreams.name, () => {
  let streams: OpenStreams;
  let networks: (string | null)[];
  beforeEach(() => {
    networks = [];
    streams = new OpenStreams(LIMITS, (network) => networks.push(network));
  });

  const open = (address: string | null, network = NETWORK, isAnswered = true): FakeStream => {
    const stream = new FakeStream(isAnswered);
    const keys = address === null ? [] : [address, network];
    streams.open(stream as unknown as ServerHttp2Stream, keys);
    return stream;
  };
  const ended = (all: readonly FakeStream[]): boolean[] => all.map(({ isEnded }) => isEnded);

  it('ends the oldest answered stream of an address that has too many', () => {
    const working = open('10.0.0.1', NETWORK, false);
    const all = [working, open('10.0.0.1'), open('10.0.0.1'), open('10.0.0.2')];
    expect(ended(all)).toEqual([false, true, false, false]);
    expect([streams.count, networks]).toEqual([3, [NETWORK]]);
  });

  it('ends the new one when none of the address was answered', () => {
    const all = [1, 2, 3].map(() => open('10.0.0.1', NETWORK, false));
    expect(ended(all)).toEqual([false, false, true]);
  });

  it('counts the addresses of a network together', () => {
    const all = [1, 2, 3, 4].map((last) => open(`10.0.0.${last}`));
    expect(ended(all)).toEqual([true, false, false, false]);
  });

  it('takes from the network that has most when all have too many', () => {
    const few = [open('10.1.0.1', '10.1.0.0/24'), open('10.2.0.1', '10.2.0.0/24')];
    const many = [1, 2, 3].map((last) => open(`10.0.0.${last}`));
    const late = open('10.3.0.1', '10.3.0.0/24');
    expect(ended([...few, ...many, late])).toEqual([false, false, true, false, false, false]);
  });

  it('counts a client of no network, behind a trusted proxy, for all only', () => {
    const all = [1, 2, 3, 4, 5, 6].map(() => open(null));
    expect(ended(all)).toEqual([true, false, false, false, false, false]);
    expect(networks).toEqual([null]);
  });

  it('forgets streams that end', () => {
    for (let count = 0; count < 20; count += 1) open('10.0.0.1').emit('close');
    expect([streams.count, networks]).toEqual([0, []]);
  });
});
