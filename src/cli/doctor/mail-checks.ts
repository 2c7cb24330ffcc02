import type { DataSource } from 'typeorm';
import type { Config } from '../../config/config.js';
import type { RegionConfig } from '../../config/region-config.js';
import { MAIL_TIMING } from '../../mail/mail-settings.js';
import { SmtpSender } from '../../mail/smtp-sender.js';
import { SECOND } from '../../shared/durations.js';
import { bad, good, note, reasonOf, type Finding } from './finding.js';

const OLDEST_MAX = 900;
const TIMING = {
  ...MAIL_TIMING,
  connectMs: 5 * SECOND,
  greetingMs: 5 * SECOND,
  attemptMs: 8 * SECOND,
};

interface Queue {
  readonly waiting: number;
  readonly oldestSeconds: number;
}

// By the index of what is due; the count stops.
const QUEUE = `
  select count(*)::int as waiting,
    coalesce(extract(epoch from now() - min(created_at)), 0)::float8 as "oldestSeconds"
  from (select created_at from mails where next_at is not null limit 5000) as waiting`;

/** Connects to the mail server and signs in; sends nothing. */
export async function checkMailServer(config: Config, own: RegionConfig): Promise<Finding[]> {
  const { smtp, folder } = config.mail;
  if (smtp === null)
    return [
      note(`no mail server: mails become files in ${folder}`, 'set GATEWAY_SMTP_URL to send them'),
    ];
  const place = `${smtp.host}:${smtp.port}`;
  try {
    await new SmtpSender(smtp, TIMING, own.host).check();
    return [good(`${place} accepts us; whether it delivers is not seen from here`)];
  } catch (error) {
    return [
      bad(
        `${place} cannot be used: ${reasonOf(error)}`,
        'start it, let this host reach it, or correct GATEWAY_SMTP_URL',
      ),
    ];
  }
}

export async function checkMailQueue(database: DataSource): Promise<Finding[]> {
  const [{ waiting, oldestSeconds }] = await database.query<[Queue]>(QUEUE);
  const found = `${waiting} mails wait, the oldest for ${Math.round(oldestSeconds)} s`;
  return [
    oldestSeconds <= OLDEST_MAX
      ? good(found)
      : bad(
          found,
          'start a gateway of the region; if one runs, its log says why the mail server takes none',
        ),
  ];
}
