import { SECOND } from '../shared/durations.js';

const MIB = 1024 * 1024;

/** The limits of request bodies over all cells and connections of a process, each with its reason. */
export const BODY_LIMITS = {
  /** Of one body. */
  bytesMax: MIB,
  /** In memory at once. Decoding and parsing take a few times as much: some 250 MB at worst. */
  bytesInAll: 64 * MIB,
  /** Of one IPv4 address or IPv6 /64: eight of the largest bodies at once, or some hundred of usual ones. */
  bytesOfAddress: 8 * MIB,
  /** Of one IPv4 /24 or IPv6 /48, over its addresses: a quarter of all. */
  bytesOfNetwork: 16 * MIB,
  /** Of all, for networks that hold little: else four networks could keep everybody from sending anything. */
  bytesKept: 16 * MIB,
  /** What a network may hold of the kept part: 256 networks must take part to use it up. */
  bytesOfLittle: 64 * 1024,
  /** From the first look at a body to its last byte. Below the listeners' own time-outs, so that a cell answers. */
  deadline: 50 * SECOND,
  /** How long a body may stall before its rate counts. A phone that changes networks needs some seconds. */
  grace: 10 * SECOND,
  /** The same while a listener is full: others wait for its connection. */
  graceWhenFull: 2 * SECOND,
  /** The least rate after the grace, on average. The slowest mobile networks have ten times as much. */
  bytesPerSecond: 500,
  checkInterval: SECOND,
} as const;

export type BodyLimits = { readonly [Name in keyof typeof BODY_LIMITS]: number };

/** The limits of one of several processes on a port: the memory is divided, and each still takes two of the largest bodies. */
export function bodyLimitsOf(processes: number): BodyLimits {
  const part = (bytes: number): number =>
    Math.max(Math.floor(bytes / processes), 2 * BODY_LIMITS.bytesMax);
  return {
    ...BODY_LIMITS,
    bytesInAll: part(BODY_LIMITS.bytesInAll),
    bytesOfAddress: part(BODY_LIMITS.bytesOfAddress),
    bytesOfNetwork: part(BODY_LIMITS.bytesOfNetwork),
    bytesKept: Math.floor(BODY_LIMITS.bytesKept / processes),
  };
}
