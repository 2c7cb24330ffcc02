import { spawn } from 'node:child_process';

/** Which TLS, and where the session is read from or written to: `['-tls1_3', '-sess_out', file]`. */
export type OpensslWords = readonly string[];

/**
 * One request by `openssl s_client`, and all that it prints: "New, TLSv1.3" or "Reused, TLSv1.3", and the answer. Node's
 * client does not offer a session to another name, or to a server with another certificate.
 */
export function askByOpenssl(port: number, name: string, words: OpensslWords): Promise<string> {
  const connection = ['-connect', `127.0.0.1:${port}`, '-servername', name, '-ign_eof'];
  const client = spawn('openssl', ['s_client', ...connection, ...words]);
  client.stdin.write(`GET / HTTP/1.1\r\nHost: ${name}\r\nConnection: close\r\n\r\n`);
  return new Promise((resolve, reject) => {
    let output = '';
    client.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
    client.once('error', reject).once('close', () => resolve(output));
  });
}

/** How the session of a connection began. */
export async function sessionByOpenssl(
  port: number,
  name: string,
  words: OpensslWords,
): Promise<string> {
  const output = await askByOpenssl(port, name, words);
  return /^(New|Reused), TLSv1/m.exec(output)?.[1] ?? output;
}
