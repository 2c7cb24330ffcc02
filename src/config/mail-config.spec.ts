import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from './config-error.js';
import { readConfig } from './config.js';

const FROM = { GATEWAY_MAIL_FROM: 'no-reply@example.com' };

function mailOf(environment: Record<string, string>) {
  return readConfig(environment).mail;
}

function refusalOf(environment: Record<string, string>): string {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return '';
}

describe('how mail leaves', () => {
  it('is into files below the data dir by default', () => {
    expect(mailOf({ GATEWAY_DATA_DIR: '/data' })).toEqual({
      smtp: null,
      from: { name: null, address: 'no-reply@onetime.localhost' },
      bounceAddress: 'no-reply@onetime.localhost',
      folder: '/data/mail',
    });
  });

  it.each([
    ['smtp://mx.example.com', 'mx.example.com', 587, 'starttls'],
    ['smtp://mx.example.com:2525/', 'mx.example.com', 2525, 'starttls'],
    ['smtps://mx.example.com', 'mx.example.com', 465, 'implicit'],
    ['smtps://[2001:db8::1]:10465', '2001:db8::1', 10_465, 'implicit'],
  ])('is by %s', (url, host, port, tls) => {
    const { smtp } = mailOf({ GATEWAY_SMTP_URL: url, ...FROM });
    expect(smtp).toEqual({ host, port, tls, credentials: null, roots: null });
  });

  it('has credentials, a name and a bounce address', () => {
    const mail = mailOf({
      GATEWAY_SMTP_URL: 'smtps://user%40example.com:p%40%2Fss@mx.example.com',
      GATEWAY_MAIL_FROM: 'Acme Secrets <no-reply@example.com>',
      GATEWAY_MAIL_BOUNCE: 'bounces@example.com',
    });
    expect(mail.smtp?.credentials).toEqual({ user: 'user@example.com', pass: 'p@/ss' });
    expect(mail.from).toEqual({ name: 'Acme Secrets', address: 'no-reply@example.com' });
    expect(mail.bounceAddress).toBe('bounces@example.com');
  });

  it.each(['127.0.0.1', '127.1.2.3', '[::1]', 'localhost'])('is plain to %s if said so', (host) => {
    const environment = {
      GATEWAY_SMTP_URL: `smtp://${host}:25`,
      GATEWAY_SMTP_PLAIN: 'true',
      ...FROM,
    };
    expect(mailOf(environment).smtp?.tls).toBe('none');
  });

  it.each([
    'smtp://192.0.2.1',
    'smtp://mx.example.com',
    'smtps://127.0.0.1',
    'smtp://localhost.example.com',
  ])('is never plain to %s', (url) => {
    const environment = { GATEWAY_SMTP_URL: url, GATEWAY_SMTP_PLAIN: 'true', ...FROM };
    expect(refusalOf(environment)).toMatch(/GATEWAY_SMTP_PLAIN/);
  });

  it.each([
    'http://hunter2:hunter2@mx.example.com',
    'smtp://user@mx.example.com',
    'smtp://:hunter2@mx.example.com',
    'smtp://user:hunter2@mx.example.com/path',
    'smtp://user:hunter2@mx.example.com?x=1',
    'smtp://user:hunter2%@mx.example.com',
    'mx.example.com:587',
    'smtp://',
  ])('is refused without quoting it: %s', (url) => {
    const message = refusalOf({ GATEWAY_SMTP_URL: url, ...FROM });
    expect(message).toMatch(/GATEWAY_SMTP_URL/);
    expect(message).not.toContain('hunter2');
  });

  it.each([
    [{ GATEWAY_SMTP_URL: 'smtp://mx.example.com' }, /GATEWAY_MAIL_FROM.*required/],
    [{ GATEWAY_SMTP_CA_FILE: 'x.pem' }, /GATEWAY_SMTP_CA_FILE.*without GATEWAY_SMTP_URL/],
    [{ GATEWAY_SMTP_PLAIN: 'true' }, /GATEWAY_SMTP_PLAIN.*without GATEWAY_SMTP_URL/],
    [{ GATEWAY_MAIL_FROM: 'a@example.com, b@example.com' }, /GATEWAY_MAIL_FROM/],
    [{ GATEWAY_MAIL_FROM: 'nobody' }, /GATEWAY_MAIL_FROM/],
    [{ GATEWAY_MAIL_BOUNCE: 'Name <a@example.com>' }, /GATEWAY_MAIL_BOUNCE/],
    [
      { GATEWAY_SMTP_URL: 'smtp://mx.example.com', ...FROM, GATEWAY_SMTP_CA_FILE: '/none.pem' },
      /GATEWAY_SMTP_CA_FILE.*PEM/,
    ],
  ])('is refused by name: %j', (environment, message) => {
    expect(refusalOf(environment)).toMatch(message);
  });

  it('trusts the roots in the file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'mail-config-'));
    const file = join(folder, 'root.pem');
    writeFileSync(file, '-----BEGIN CERTIFICATE-----\nx\n');
    const environment = { GATEWAY_SMTP_URL: 'smtp://mx.example.com', GATEWAY_SMTP_CA_FILE: file };
    expect(mailOf({ ...environment, ...FROM }).smtp?.roots).toContain('BEGIN CERTIFICATE');
    rmSync(folder, { recursive: true });
  });
});
