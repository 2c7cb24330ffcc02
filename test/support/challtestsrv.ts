import { createSocket } from 'node:dgram';
import { startProgram, startUntilReady } from './pebble-program.js';
import { freePorts } from '../../demo/free-ports.js';

/**
 * pebble-challtestsrv as a DNS server. Names that are not set are answered with NOERROR and no data. Hosts have no
 * trailing dot.
 */
export interface ChallengeTestServer {
  /** `127.0.0.1:port` */
  readonly dnsServer: string;
  setA(host: string, addresses: readonly string[]): Promise<void>;
  clearA(host: string): Promise<void>;
  setAaaa(host: string, addresses: readonly string[]): Promise<void>;
  clearAaaa(host: string): Promise<void>;
  setCname(host: string, target: string): Promise<void>;
  clearCname(host: string): Promise<void>;
  /** Adds a value to the existing ones. */
  addTxt(host: string, value: string): Promise<void>;
  clearTxt(host: string): Promise<void>;
  setCaa(host: string, policies: readonly { tag: string; value: string }[]): Promise<void>;
  clearCaa(host: string): Promise<void>;
  setServfail(host: string): Promise<void>;
  clearServfail(host: string): Promise<void>;
  stop(): Promise<void>;
}

export function startChallengeTestServer(): Promise<ChallengeTestServer> {
  return startUntilReady(async () => {
    const management = (await freePorts(1))[0] as number;
    const dns = `127.0.0.1:${await freeUdpAndTcpPort()}`;
    const off = ['-http01', '', '-https01', '', '-tlsalpn01', ''];
    const noDefaults = ['-defaultIPv4', '', '-defaultIPv6', ''];
    const listeners = ['-dns01', dns, '-management', `127.0.0.1:${management}`];
    const program = startProgram('pebble-challtestsrv', [...listeners, ...off, ...noDefaults]);
    const post = poster(management);
    const isReady = () => post('clear-txt', { host: 'ready.invalid.' });
    return { program, isReady, started: typed(dns, post, () => program.stop()) };
  });
}

type Post = (verb: string, body: object) => Promise<void>;

function poster(management: number): Post {
  return async (verb, body) => {
    const url = `http://127.0.0.1:${management}/${verb}`;
    const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${verb}: ${answer.status} ${await answer.text()}`);
  };
}

function typed(dns: string, post: Post, stop: () => Promise<void>): ChallengeTestServer {
  return {
    dnsServer: dns,
    setA: async (host, addresses) => {
      await post('clear-a', { host });
      await post('add-a', { host, addresses });
    },
    clearA: (host) => post('clear-a', { host }),
    setAaaa: async (host, addresses) => {
      await post('clear-aaaa', { host });
      await post('add-aaaa', { host, addresses });
    },
    clearAaaa: (host) => post('clear-aaaa', { host }),
    setCname: (host, target) => post('set-cname', { host, target }),
    clearCname: (host) => post('clear-cname', { host }),
    addTxt: (host, value) => post('set-txt', { host: `${host}.`, value }),
    clearTxt: (host) => post('clear-txt', { host: `${host}.` }),
    setCaa: async (host, policies) => {
      await post('clear-caa', { host });
      await post('add-caa', { host, policies });
    },
    clearCaa: (host) => post('clear-caa', { host }),
    setServfail: (host) => post('set-servfail', { host }),
    clearServfail: (host) => post('clear-servfail', { host }),
    stop,
  };
}

/** DNS listens on both protocols; a port that is free for one may be taken for the other. */
async function freeUdpAndTcpPort(): Promise<number> {
  for (;;) {
    const port = (await freePorts(1))[0] as number;
    const isFree = await new Promise<boolean>((resolve) => {
      const socket = createSocket('udp4');
      socket.once('error', () => resolve(false));
      socket.bind(port, '127.0.0.1', () => socket.close(() => resolve(true)));
    });
    if (isFree) return port;
  }
}
