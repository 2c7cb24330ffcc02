import { constants } from 'node:crypto';

/**
 * TLS 1.3, and of TLS 1.2 the suites with an ephemeral key and an AEAD: the list "intermediate" of Mozilla
 * (https://ssl-config.mozilla.org), without DHE, because the certificates are ECDSA or RSA with ECDHE.
 */
const CIPHERS = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':');

/**
 * `ecdhCurve` is not set, because a list here would disable the post-quantum key exchange. A connection of TLS 1.2 has one
 * handshake (RFC 9113 section 9.2.1): the limits count no further ones.
 */
export const TLS_OPTIONS = {
  minVersion: 'TLSv1.2',
  ciphers: CIPHERS,
  secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
} as const;

/** The only protocol that `curl --http1.0` offers. */
export const HTTP_1_0 = 'http/1.0';
/** In the server's order of preference. */
export const PROTOCOLS: string[] = ['h2', 'http/1.1', HTTP_1_0];
