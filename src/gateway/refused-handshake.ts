import type { RefusalReason } from './edge-journal.js';

const REASONS: Readonly<Record<string, RefusalReason>> = {
  ERR_TLS_HANDSHAKE_TIMEOUT: 'handshake_timeout',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'protocol_version',
  ERR_SSL_VERSION_TOO_LOW: 'protocol_version',
  ERR_SSL_WRONG_VERSION_NUMBER: 'protocol_version',
  ERR_SSL_NO_SHARED_CIPHER: 'no_shared_cipher',
  ERR_SSL_NO_SUITABLE_KEY_SHARE: 'no_shared_cipher',
  ERR_SSL_NO_SHARED_GROUPS: 'no_shared_cipher',
  ERR_SSL_NO_SUITABLE_SIGNATURE_ALGORITHM: 'no_shared_cipher',
  ERR_SSL_NO_SHARED_SIGNATURE_ALGORITHMS: 'no_shared_cipher',
  ERR_SSL_NO_APPLICATION_PROTOCOL: 'no_shared_protocol',
  ECONNRESET: 'client_left',
  EPIPE: 'client_left',
};

/** The reason of a handshake that failed after the ClientHello, from the error of 'tlsClientError'. */
export function reasonOfHandshakeError(error: Error & { code?: string }): RefusalReason {
  const { code = '' } = error;
  // The client does not trust the certificate, or its clock is wrong.
  if (/^ERR_SSL_(?:TLSV1|SSLV3|TLS)_ALERT_/.test(code)) return 'client_alert';
  return REASONS[code] ?? 'other';
}
