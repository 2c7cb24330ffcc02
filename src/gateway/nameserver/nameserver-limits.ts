/**
 * The limits of the name server, each with its reason. The sender of a datagram may be anybody who writes another's
 * address into it, so what datagrams use up is counted apart from what connections do.
 */
export const NAMESERVER_LIMITS = {
  /** Answers to a network (/24, IPv6 /48) at once: the questions of a CA's perspectives for a batch of names. */
  answerBurst: 200,
  /** And then in a second. */
  answersPerSecond: 50,
  /**
   * Datagrams answered for everybody: at 50 µs each, a tenth of a core. As many over this or over their network's limit are
   * asked to come by TCP, and as many are answered for networks that have done so.
   */
  datagramBurst: 4000,
  datagramsPerSecond: 2000,
  /** Reads of a network's datagrams that found nothing. */
  networkMissBurst: 100,
  networkMissesPerSecond: 10,
  /** Reads that found nothing, of datagrams from everywhere: forged sources have no network of their own. */
  missBurst: 400,
  missesPerSecond: 100,
  /** Reads of datagrams at the same time: the pool of the cell has ten connections. */
  datagramReadsMax: 4,
  /** Milliseconds that a question waits for the database. Resolvers ask again after one second. */
  readWaitMs: 2000,
  /** A query with a name of 255 bytes and EDNS has 284. */
  messageBytesMax: 512,
  connectionsMax: 100,
  connectionsPerNetwork: 8,
  questionsPerConnection: 20,
  /** Milliseconds from one answer to the end of the next question. */
  idleMs: 5000,
} as const;

export type NameserverLimits = { readonly [Name in keyof typeof NAMESERVER_LIMITS]: number };

/** What several processes on one port count together. The kernel spreads datagrams and connections by their ports. */
const DIVIDED = [
  'answerBurst',
  'answersPerSecond',
  'datagramBurst',
  'datagramsPerSecond',
  'networkMissBurst',
  'networkMissesPerSecond',
  'missBurst',
  'missesPerSecond',
  'connectionsMax',
  'connectionsPerNetwork',
] as const satisfies readonly (keyof NameserverLimits)[];

/** The limits of one of several processes. */
export function nameserverLimitsOf(processes: number): NameserverLimits {
  const parts = DIVIDED.map((name) => [name, Math.ceil(NAMESERVER_LIMITS[name] / processes)]);
  return { ...NAMESERVER_LIMITS, ...(Object.fromEntries(parts) as Partial<NameserverLimits>) };
}
