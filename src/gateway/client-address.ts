import type { Socket } from 'node:net';
import type { NetworkList } from '../shared/network.js';

const STATED = Symbol('stated client address');

type StatedSocket = Pick<Socket, 'remoteAddress'> & { [STATED]?: string };

/** Sets the address that a balancer's PROXY header states. Also for the TLS socket on a connection. */
export function setStatedAddress(socket: StatedSocket, address: string): void {
  socket[STATED] = address;
}

/** Null for a connection without a PROXY header. */
export function statedAddressOf(socket: StatedSocket): string | null {
  return socket[STATED] ?? null;
}

/** The address at the other end: the one of the PROXY header, else the socket's. */
export function peerAddressOf(socket: StatedSocket): string {
  return socket[STATED] ?? socket.remoteAddress ?? '';
}

/** Whether the forwarded headers of this connection are believed. Beside a PROXY header they never are. */
export function isTrustedProxy(socket: StatedSocket, trustedProxies: NetworkList): boolean {
  return socket[STATED] === undefined && trustedProxies.contains(socket.remoteAddress ?? '');
}
