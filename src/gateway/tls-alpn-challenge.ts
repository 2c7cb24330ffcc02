import type { Socket } from 'node:net';
import { TLSSocket, type SecureContext } from 'node:tls';
import { ACME_TLS_PROTOCOL } from '../acme/tls-alpn-certificate.js';
import type { Hello } from './client-hello.js';
import { destroyAfter } from './close-socket.js';

/**
 * Whether the client validates a TLS-ALPN-01 challenge: it offers `acme-tls/1` and nothing else (RFC 8737 section 4).
 * Other clients never receive a challenge certificate.
 */
export function isTlsAlpnChallenge({ alpn }: Hello): boolean {
  return alpn.length === 1 && alpn[0] === ACME_TLS_PROTOCOL;
}

/**
 * Completes the handshake and closes: the CA reads the certificate and sends no data.
 * @param deadline milliseconds for the handshake and the close together
 */
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
  destroyAfter(raw, deadline);
  secure.once('secure', () => secure.end());
  secure.on('error', () => raw.destroy());
  secure.resume();
}
