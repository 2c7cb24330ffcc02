import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import packet, { type Answer, type DecodedPacket, type Packet } from 'dns-packet';

export interface DelegatingResolver {
  /** `127.0.0.1:PORT` */
  readonly address: string;
  close(): Promise<void>;
}

interface Zones {
  /** `127.0.0.1:PORT` of what answers for every name outside of the zone. */
  readonly upstream: string;
  /** `acme.eu.onetime.localhost` */
  readonly zone: string;
  /** The ports of the zone's name servers, at the time of the question. One that does not answer is left for the next. */
  readonly nameServers: () => readonly number[];
}

const ANSWER_WITHIN = 2000;
const SERVFAIL = 2;

/**
 * A resolver over UDP for a CA and a gateway: it asks the gateways' name servers for their zone, everything else upstream,
 * and follows a CNAME record from there into the zone. It has no cache.
 */
export async function startDelegatingResolver(zones: Zones): Promise<DelegatingResolver> {
  const socket = createSocket('udp4');
  socket.on('message', (bytes, peer) => {
    void resolve(packet.decode(bytes), zones).then((reply) =>
      socket.send(packet.encode(reply), peer.port, peer.address),
    );
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    close: () => new Promise<void>((closed) => socket.close(() => closed())),
  };
}

async function resolve(query: DecodedPacket, zones: Zones): Promise<Packet> {
  const [question] = query.questions ?? [];
  if (question === undefined) return failed(query);
  const { name, type } = question;
  const first = isIn(name, zones.zone)
    ? await askZone(name, type, zones)
    : await ask(name, type, portOf(zones.upstream));
  if (first === null) return failed(query);
  const links = (first.answers ?? []).filter(({ type: each }) => each === 'CNAME');
  const target = links.flatMap((link) => (link.type === 'CNAME' ? [link.data] : [])).at(-1) ?? '';
  const isFollowed = type !== 'CNAME' && isIn(target, zones.zone);
  const end = isFollowed ? await askZone(target, type, zones) : null;
  if (isFollowed && end === null) return failed(query);
  const answers: Answer[] = isFollowed
    ? [...links, ...(end?.answers ?? [])]
    : [...(first.answers ?? [])];
  return replyTo(query, codeOf(isFollowed ? end : first), answers);
}

async function askZone(
  name: string,
  type: string,
  { nameServers }: Zones,
): Promise<DecodedPacket | null> {
  for (const port of nameServers()) {
    const answer = await ask(name, type, port);
    if (answer !== null && codeOf(answer) !== SERVFAIL) return answer;
  }
  return null;
}

/** Null: no answer in time, or nobody listens. */
async function ask(name: string, type: string, port: number): Promise<DecodedPacket | null> {
  const socket = createSocket('udp4');
  try {
    return await new Promise<DecodedPacket | null>((answered) => {
      setTimeout(() => answered(null), ANSWER_WITHIN).unref();
      socket.on('error', () => answered(null));
      socket.on('message', (bytes) => answered(packet.decode(bytes)));
      const questions = [{ name, type }] as Packet['questions'] & object;
      const query = packet.encode({ type: 'query', id: 1, flags: 0x0100, questions });
      socket.connect(port, '127.0.0.1', () => socket.send(query));
    });
  } finally {
    socket.close();
  }
}

function replyTo(query: DecodedPacket, rcode: number, answers: Answer[]): Packet {
  const { id = 0, questions = [] } = query;
  // Recursion was desired, and is available.
  return { type: 'response', id, flags: 0x0180 | rcode, questions: [...questions], answers };
}

function failed(query: DecodedPacket): Packet {
  return replyTo(query, SERVFAIL, []);
}

/** dns-packet's types have only its name. */
function codeOf(answer: DecodedPacket | null): number {
  return (answer?.flags ?? SERVFAIL) & 0x0f;
}

function isIn(name: string, zone: string): boolean {
  const lower = name.toLowerCase();
  return lower === zone || lower.endsWith(`.${zone}`);
}

function portOf(address: string): number {
  return Number(address.slice(address.lastIndexOf(':') + 1));
}
