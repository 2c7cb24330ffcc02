import { join } from 'node:path';
import { BlockList, isIP } from 'node:net';
import { orphans, type ConfigProblem } from './config-problem.js';
import type { EnvironmentValues } from './config.schema.js';
import { readRoots } from './roots-file.js';

export interface MailConfig {
  /** Null: mails become files in `folder`. */
  readonly smtp: SmtpConfig | null;
  readonly from: MailSender;
  /** The sender of the envelope, to which servers return what they cannot deliver. */
  readonly bounceAddress: string;
  /** Absolute. */
  readonly folder: string;
}

export interface MailSender {
  /** Null: each mail has the name of the host that it is about. */
  readonly name: string | null;
  readonly address: string;
}

export interface SmtpConfig {
  readonly host: string;
  readonly port: number;
  /** `none`: to a server on this machine only. */
  readonly tls: 'implicit' | 'starttls' | 'none';
  /** Never log it. */
  readonly credentials: { readonly user: string; readonly pass: string } | null;
  /** PEM of the roots for the server's certificate; null: the system's. */
  readonly roots: string | null;
}

const PORTS = { 'smtp:': 587, 'smtps:': 465 } as const;
const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

const DETAILS = ['GATEWAY_SMTP_CA_FILE', 'GATEWAY_SMTP_PLAIN'] as const;

/** How mail leaves. Adds to `problems`. */
export function readMailConfig(
  values: EnvironmentValues,
  dataDir: string,
  problems: ConfigProblem[],
): MailConfig {
  const url = values.GATEWAY_SMTP_URL;
  const from = values.GATEWAY_MAIL_FROM ?? null;
  if (url === undefined) {
    const given = DETAILS.filter((variable) => values[variable] !== undefined);
    problems.push(...orphans(given, 'GATEWAY_SMTP_URL'));
  } else if (from === null) {
    const message = 'required together with GATEWAY_SMTP_URL: the sender of every mail';
    problems.push({ variable: 'GATEWAY_MAIL_FROM', message });
  }
  const sender = from ?? { name: null, address: `no-reply@${values.GATEWAY_BASE_DOMAIN}` };
  return {
    smtp: url === undefined ? null : readSmtp(url, values, problems),
    from: sender,
    bounceAddress: values.GATEWAY_MAIL_BOUNCE ?? sender.address,
    folder: join(dataDir, 'mail'),
  };
}

function readSmtp(url: URL, values: EnvironmentValues, problems: ConfigProblem[]): SmtpConfig {
  const scheme = url.protocol as keyof typeof PORTS;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const isPlain = values.GATEWAY_SMTP_PLAIN === true;
  if (isPlain && (scheme !== 'smtp:' || !isLoopback(host))) {
    const message = `expected only with smtp:// to this machine (127.0.0.1, ::1 or localhost), and GATEWAY_SMTP_URL has ${scheme}//${host}`;
    problems.push({ variable: 'GATEWAY_SMTP_PLAIN', message });
  }
  const file = values.GATEWAY_SMTP_CA_FILE;
  const roots = file === undefined ? null : readRoots('GATEWAY_SMTP_CA_FILE', file, problems);
  return {
    host,
    port: url.port === '' ? PORTS[scheme] : Number(url.port),
    tls: scheme === 'smtps:' ? 'implicit' : isPlain ? 'none' : 'starttls',
    credentials:
      url.username === ''
        ? null
        : { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
    roots,
  };
}

function isLoopback(host: string): boolean {
  const family = isIP(host);
  if (family === 0) return host === 'localhost';
  return LOOPBACK.check(host, family === 4 ? 'ipv4' : 'ipv6');
}
