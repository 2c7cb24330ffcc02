import type { Socket } from 'node:net';
import { SECOND } from '../shared/durations.js';
import { networkOf, type NetworkList } from '../shared/network.js';
import { peerAddressOf, setStatedAddress } from './client-address.js';
import type { ConnectionGate, ConnectionRefusal, Seat } from './connection-gate.js';
import type { EdgeJournal, ListenerName } from './edge-journal.js';
import { guarded } from './handler-guard.js';
import { readProxyHeader } from './read-proxy-header.js';

/** A balancer sends the header at once, in front of the client's bytes. */
const PROXY_HEADER_TIMEOUT = 3 * SECOND;

interface AdmissionParts {
  readonly listener: ListenerName;
  readonly gate: ConnectionGate;
  readonly journal: EdgeJournal;
  /** The peers that must send a PROXY header. */
  readonly proxies: NetworkList;
}

/** Lets new connections of a listener in: the PROXY header first where the peer must send one, then the gate. */
export class Admission {
  constructor(private readonly parts: AdmissionParts) {}

  /** Calls `handle` at once or later, or destroys the socket. From then on peerAddressOf() gives the client. */
  admit(socket: Socket, handle: (seat: Seat) => void): void {
    const { gate, journal, listener, proxies } = this.parts;
    const onAdmitted = guarded(handle, (error) => {
      journal.handlerFailed(listener, 'connection', error);
      socket.destroy();
    });
    const peer = socket.remoteAddress;
    // The peer has reset the connection already, as health checks of balancers do: who it was is unknown.
    if (peer === undefined) return void socket.destroy();
    if (!gate.enter(socket)) return this.refuse(socket, 'too_many_connections');
    if (!proxies.contains(peer)) return this.#seat(socket, onAdmitted);
    socket.on('error', () => socket.destroy());
    readProxyHeader(socket, PROXY_HEADER_TIMEOUT, {
      found: (client) => {
        setStatedAddress(socket, client ?? peer);
        this.#seat(socket, onAdmitted);
      },
      failed: (reason) => this.refuse(socket, reason),
    });
  }

  /** Logged and counted; the socket is destroyed without an answer. */
  refuse(socket: Socket, reason: ConnectionRefusal): void {
    const { journal, listener } = this.parts;
    journal.connectionRefused(listener, reason, networkOf(peerAddressOf(socket)));
    socket.destroy();
  }

  #seat(socket: Socket, onAdmitted: (seat: Seat) => void): void {
    const seat = this.parts.gate.seat(socket);
    if (typeof seat === 'string') this.refuse(socket, seat);
    else onAdmitted(seat);
  }
}
