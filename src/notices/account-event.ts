import { z } from 'zod';
import { parseHostname, type Hostname } from '../shared/hostname.js';

const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const hostname = z.string().transform((text): Hostname | null => parseHostname(text));

/** The parts of the events' subjects that mails need. Other parts are for other readers. */
export const openedSubject = z.object({
  domain: hostname.nullable(),
  recipients: z.array(z.string()),
  created_at: instant,
  notifies_opened: z.boolean(),
});

export const proofSubject = z.object({
  id: z.string(),
  domain: hostname,
  missing_since: instant,
  lapses_at: instant,
});

export const certificateSubject = z.object({
  id: z.string(),
  domain: hostname,
  /** Of the certificate that the name has; null: it has none. */
  not_after: instant.nullable(),
  is_urgent: z.boolean(),
  attempts: z.int().default(0),
});
export type CertificateSubject = z.output<typeof certificateSubject>;

export const domainSubject = z.object({ id: z.string(), domain: hostname });

export const webhookSubject = z.object({
  id: z.string(),
  name: z.string(),
  host: z.string(),
  reason: z.enum(['failing', 'gone']),
});
