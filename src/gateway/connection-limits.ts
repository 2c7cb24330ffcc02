import { readFileSync } from 'node:fs';
import { SECOND } from '../shared/durations.js';

/**
 * The limits of connections on the public listeners, each with its reason. Connections of a trusted proxy count only
 * towards the limit of the process: they carry many clients.
 */
export const CONNECTION_LIMITS = {
  /** File descriptors that public connections never take: ops port, database pools, DNS, ACME, files. */
  descriptorsKeptBack: 256,
  /** Each connection costs some 60 KB with TLS: 20,000 fit into 1.2 GB. */
  connectionsMax: 20_000,
  /** Of these on the plain port, so that a flood of redirects leaves the HTTPS port alone. */
  plainShare: 0.25,
  /** How long a connection may wait for its next request, in milliseconds, when its listener has all that it may have. */
  waitingLeast: SECOND,
  /**
   * Handshakes in progress of addresses that have not sent a request yet. Each costs the processor 1.2 ms: who comes last
   * waits for a second and a half. A process has a core of its own.
   */
  handshakesMax: 1000,
  /** How long a handshake may take, in milliseconds, when there are so many: a slow phone needs less. */
  handshakeLeast: SECOND,
  /** On the operator's listener, out of the descriptors kept back. Each may hold a body of 64 KB. */
  adminMax: 100,
  /** From one address (IPv6: /64). An office behind one address opens one HTTP/2 connection for each browser. */
  perAddress: 256,
  /** From one network (/24, IPv6 /48), over its addresses. */
  perNetwork: 1024,
  /** Of an address, without a request yet: idle sockets are the cheapest flood. A browser opens at most two ahead. */
  unusedPerAddress: 64,
  unusedPerNetwork: 256,
  /** Streams of HTTP/2 that are open at once. An answer that nobody reads takes some 100 KB: 400 MB together. */
  streamsMax: 4096,
  /** Of these by one address: 26 MB. A stream of a browser is open for a moment, or as long as it shows a set-up. */
  streamsPerAddress: 256,
  streamsPerNetwork: 1024,
  /** Handshakes that an address may start at once. A page with many visitors of one office stays far below. */
  handshakeBurst: 300,
  /** And then in a second. A full handshake costs 1.2 ms: 50 are 6 % of a core. */
  handshakesPerSecond: 50,
  /** The same of a network (/24, IPv6 /48): a /48 has 65,536 addresses as they are counted here. */
  networkHandshakeBurst: 1000,
  /** Together a fifth of a core. */
  networkHandshakesPerSecond: 150,
  /** The addresses whose handshakes are counted, and those that are known, least recent first out. 100 bytes each. */
  addressesCounted: 50_000,
} as const;

export type ConnectionLimits = {
  readonly [Name in keyof typeof CONNECTION_LIMITS]: number;
};

/** Of everybody, of an address or of a network: what several processes on one port count together. */
const DIVIDED = [
  'connectionsMax',
  'perAddress',
  'perNetwork',
  'unusedPerAddress',
  'unusedPerNetwork',
  'streamsMax',
  'streamsPerAddress',
  'streamsPerNetwork',
  'handshakeBurst',
  'handshakesPerSecond',
  'networkHandshakeBurst',
  'networkHandshakesPerSecond',
] as const satisfies readonly (keyof ConnectionLimits)[];

/** The streams of a connection are all in one process, and may be 32: two whole connections of an address fit into each. */
const LEAST: Partial<ConnectionLimits> = {
  streamsMax: 1024,
  streamsPerAddress: 64,
  streamsPerNetwork: 256,
};

/**
 * The limits of one of several processes on a port. The kernel spreads the connections of an address by their ports, so
 * each process gets about an equal part of them.
 */
export function connectionLimitsOf(processes: number): ConnectionLimits {
  const parts = DIVIDED.map((name) => [
    name,
    Math.max(Math.ceil(CONNECTION_LIMITS[name] / processes), LEAST[name] ?? 1),
  ]);
  return { ...CONNECTION_LIMITS, ...(Object.fromEntries(parts) as Partial<ConnectionLimits>) };
}

/** How many connections each public listener may have, given the file descriptors of this process. */
export function connectionCounts(
  limits: ConnectionLimits,
  descriptors = descriptorLimit(),
): { readonly https: number; readonly plain: number } {
  // A tenth at least stays usable where the limit is smaller than what is kept back.
  const usable = Math.max(descriptors - limits.descriptorsKeptBack, Math.floor(descriptors / 10));
  const all = Math.min(limits.connectionsMax, usable);
  const plain = Math.floor(all * limits.plainShare);
  return { https: all - plain, plain };
}

/** The soft limit of open files; Node raises it to the hard limit when it starts. Infinity where it is not known. */
export function descriptorLimit(): number {
  try {
    const limits = readFileSync('/proc/self/limits', 'utf8');
    const soft = /^Max open files\s+(\d+)/m.exec(limits)?.[1];
    return soft === undefined ? Infinity : Number(soft);
  } catch {
    return Infinity;
  }
}
