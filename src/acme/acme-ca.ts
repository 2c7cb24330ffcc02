import { z } from 'zod';
import { Clock } from '../shared/clock.js';
import { HOUR } from '../shared/durations.js';
import { askForService, localProblem, problemFromAnswer } from './acme-problem.js';
import { AcmeTransport } from './acme-transport.js';

/** A CA as the operator configured it. */
export interface AcmeCa {
  /** Our name for it. Everything stored about the CA has this key. */
  readonly name: string;
  readonly directoryUrl: string;
  readonly email: string | null;
  /** PEM file of the roots for the CA's own servers; null: the system's. */
  readonly caFile: string | null;
  /** External account binding (RFC 8555 section 7.3.4); `hmacKey` in base64url. Never log it. */
  readonly eab: { readonly kid: string; readonly hmacKey: string } | null;
  /** Requested if the CA offers it. */
  readonly profile: string | null;
}

const directorySchema = z.object({
  newNonce: z.url(),
  newAccount: z.url(),
  newOrder: z.url(),
  revokeCert: z.url(),
  /** Null: the CA does not offer ARI (RFC 9773). */
  renewalInfo: z.url().nullable().catch(null),
  meta: z.preprocess(
    (meta) => meta ?? {},
    z.object({
      termsOfService: z.string().nullable().catch(null),
      /** The CA's domains in CAA records. */
      caaIdentities: z.array(z.string()).catch([]),
      externalAccountRequired: z.boolean().catch(false),
      /** Name to description. */
      profiles: z.record(z.string(), z.string()).catch({}),
    }),
  ),
});

/** RFC 8555 section 7.1.1. */
export type AcmeDirectory = z.output<typeof directorySchema>;

const MAX_AGE = HOUR;

/** The directory of one CA, read on first use and again when it is an hour old. */
export class DirectoryReader {
  #reading: { readonly directory: Promise<AcmeDirectory>; readonly since: number } | null = null;

  constructor(
    private readonly ca: AcmeCa,
    private readonly transport: AcmeTransport,
    private readonly clock: Clock,
  ) {}

  /** @throws AcmeProblem when the CA cannot be reached; the next call retries */
  read(): Promise<AcmeDirectory> {
    const now = this.clock.now().getTime();
    if (this.#reading !== null && now - this.#reading.since < MAX_AGE) {
      return this.#reading.directory;
    }
    const reading = { directory: askForService(this.#fetch()), since: now };
    this.#reading = reading;
    reading.directory.catch(() => {
      if (this.#reading === reading) this.#reading = null;
    });
    return reading.directory;
  }

  /** Resolves if the CA answers now, whatever was read before. @throws AcmeProblem */
  async probe(): Promise<void> {
    await askForService(this.#fetch());
  }

  async #fetch(): Promise<AcmeDirectory> {
    const answer = await this.transport.request(this.ca.directoryUrl, 'GET');
    if (answer.status !== 200) throw problemFromAnswer(answer, this.clock.now());
    const parsed = directorySchema.safeParse(answer.data);
    if (parsed.success) return parsed.data;
    throw localProblem('unreadable_answer', `${this.ca.directoryUrl} is no ACME directory`);
  }
}
