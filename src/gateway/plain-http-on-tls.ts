import type { Socket } from 'node:net';
import { SECOND } from '../shared/durations.js';
import { parseAuthority } from '../tenancy/authority.js';
import { httpsOrigin } from '../tenancy/region-tenants.js';
import { sendAndClose } from './close-socket.js';
import { rawGatewayAnswer } from './gateway-answer.js';
import { originForm } from './request-host.js';

/** A method, complete or not yet (RFC 9112 section 3). No TLS record starts with a letter. */
const METHOD = /^[A-Z][A-Z-]{0,15}(?: |$)/;
const TARGET = /^[A-Z-]+ ([\x21-\x7e]+) HTTP\/\d/;
const HOST = /\r?\nhost:[ \t]*([^\s]+)[ \t]*\r?\n/i;
const HEAD_BYTES_MAX = 16 * 1024;
/** How long the client has to send the rest of the head, and then to read the answer. */
const HEAD_TIMEOUT = 2 * SECOND;
const ANSWER_TIMEOUT = 2 * SECOND;

export function isPlainHttp(bytes: Buffer): boolean {
  return METHOD.test(bytes.toString('latin1', 0, 32));
}

/**
 * Answers plain HTTP on the TLS port with 400 and the https URL that the client meant. The request is not processed: it
 * came in clear. The answer is the same for names that are not served here.
 */
export function answerPlainHttp(socket: Socket, first: Buffer, publicPort: number): void {
  let head = first.toString('latin1');
  const answer = (): void => {
    clearTimeout(timer);
    socket.off('data', collect);
    sendAndClose(socket, rawGatewayAnswer(400, {}, bodyFor(head, publicPort)), ANSWER_TIMEOUT);
  };
  const collect = (chunk: Buffer): void => {
    head += chunk.toString('latin1');
    if (isComplete(head)) answer();
  };
  const timer = setTimeout(answer, HEAD_TIMEOUT);
  socket.once('close', () => clearTimeout(timer));
  if (isComplete(head)) answer();
  else socket.on('data', collect).resume();
}

function isComplete(head: string): boolean {
  return /\r?\n\r?\n/.test(head) || head.length > HEAD_BYTES_MAX;
}

function bodyFor(head: string, publicPort: number): Record<string, string> {
  const hostname = parseAuthority(HOST.exec(head)?.[1] ?? '');
  const target = originForm(TARGET.exec(head)?.[1] ?? '/');
  if (hostname === null) return { message: 'This port speaks HTTPS' };
  const url = `${httpsOrigin(hostname, publicPort)}${target.startsWith('/') ? target : '/'}`;
  return { message: `This port speaks HTTPS: ${url}`, url };
}
