import type { Socket } from 'node:net';
import { TLSSocket, type SecureContext } from 'node:tls';
import { ACME_TLS_PROTOCOL } from '../acme/tls-alpn-certificate.js';
import type { Hello } from './client-hello.js';

/** A client that speaks nothing else is a CA (RFC 8737 section 4): no visitor is ever shown a challenge's certificate. */
export function isTlsAlpnChallenge({ alpn }: Hello): boolean {
  return alpn.length === 1 && alpn[0] === ACME_TLS_PROTOCOL;
}

/** The handshake is all there is to see. @param deadline for the whole of it, in milliseconds */
export function answerTlsAlpnChallenge(
  raw: Socket,
  secureContext: SecureContext,
  deadline: number,
): void {
  const secure = new TLSSocket(raw, {
    isServer: true,
    secureContext,
    ALPNProtocols: [ACME_TLS_PROTOCOL],
  });
  const timer = setTimeout(() => raw.destroy(), deadline);
  raw.once('close', () => clearTimeout(timer));
  secure.once('secure', () => secure.end());
  secure.on('error', () => raw.destroy());
  secure.resume();
}
