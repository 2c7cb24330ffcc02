import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AccountEntity } from '../accounts/account.entity.js';
import type { AccountId } from '../accounts/account.js';
import { CellConfig } from '../config/cell-config.js';
import { within } from '../database/statements.js';
import { GIVE_UP_SECONDS } from '../mail/mail-settings.js';
import { MailQueue } from '../mail/mail-queue.js';
import type { StoredEvent } from '../outbox/outbox-event.js';
import type { Hostname } from '../shared/hostname.js';
import {
  certificateSubject,
  domainSubject,
  openedSubject,
  proofSubject,
  webhookSubject,
} from './account-event.js';
import { brandedMail } from './branded-mail.js';
import { languageOf } from '../shared/language.js';
import type { MailBody } from './mail-body.js';
import { MailBrands } from './mail-brand.js';
import {
  apiOriginOf,
  certificateRenewedBody,
  certificateTroubleBody,
  domainGivenBody,
  type NoticeScene,
  openedBody,
  proofMissingBody,
  webhookDisabledBody,
} from './notice-bodies.js';
import { begins, ends } from './standing-notices.js';
import { UnsubscribeLinks } from './unsubscribe-links.js';

/** A renewal may fail once or twice by itself. */
const ATTEMPTS_BEFORE_NOTICE = 3;

type Handle = (manager: EntityManager, event: StoredEvent) => Promise<void>;

/** Which event becomes which mail to the account's address. Runs in the transaction that reads the events. */
@Injectable()
export class EventNotices {
  readonly #handles: Readonly<Record<string, Handle>> = {
    'secret.revealed': (manager, event) => this.#opened(manager, event),
    'domain.proof_missing': (manager, event) => this.#proofMissing(manager, event),
    'domain.proof_returned': (manager, event) => this.#proofEnds(manager, event),
    'domain.verified': (manager, event) => this.#proofEnds(manager, event),
    'domain.released': (manager, event) => this.#domainEnds(manager, event),
    'domain.lost': (manager, event) => this.#domainEnds(manager, event),
    'domain.transferred': (manager, event) => this.#domainGiven(manager, event),
    'certificate.failed': (manager, event) => this.#renewalFails(manager, event),
    'certificate.held': (manager, event) => this.#renewalFails(manager, event),
    'certificate.postponed': (manager, event) => this.#renewalFails(manager, event),
    'certificate.expired': (manager, event) => this.#renewalFails(manager, event),
    'certificate.expiring': (manager, event) => this.#renewalFails(manager, event),
    'certificate.issued': (manager, event) => this.#renewed(manager, event),
    'certificate.uploaded': (manager, event) => this.#renewed(manager, event),
    'webhook.disabled': (manager, event) => this.#webhookDisabled(manager, event),
  };

  constructor(
    private readonly config: CellConfig,
    private readonly queue: MailQueue,
    private readonly brands: MailBrands,
    private readonly unsubscribing: UnsubscribeLinks,
  ) {}

  /** Of all accounts. Those of secrets are written where their sender has asked. */
  get types(): readonly string[] {
    return Object.keys(this.#handles).filter((type) => !type.startsWith('secret.'));
  }

  async handle(manager: EntityManager, event: StoredEvent): Promise<void> {
    await this.#handles[event.type]?.(manager, event);
  }

  async #opened(manager: EntityManager, event: StoredEvent): Promise<void> {
    const secret = openedSubject.parse(event.subject);
    if (!secret.notifies_opened) return;
    await this.#mail(manager, event, {
      kind: 'secret_opened',
      domain: secret.domain,
      body: (scene) => openedBody(secret, event.at, scene),
    });
  }

  async #proofMissing(manager: EntityManager, event: StoredEvent): Promise<void> {
    const proof = proofSubject.parse(event.subject);
    if (!(await begins(manager, 'proof', proof.id))) return;
    await this.#mail(manager, event, {
      kind: 'proof_missing',
      domain: proof.domain,
      body: (scene) => proofMissingBody(proof, scene),
    });
  }

  async #proofEnds(manager: EntityManager, { subject }: StoredEvent): Promise<void> {
    await ends(manager, 'proof', domainSubject.parse(subject).id);
  }

  async #domainEnds(manager: EntityManager, { subject }: StoredEvent): Promise<void> {
    const { id } = domainSubject.parse(subject);
    await ends(manager, 'proof', id);
    await ends(manager, 'certificate', id);
  }

  /** To its former owner. What stood against the domain was told to them: the new one is told anew. */
  async #domainGiven(manager: EntityManager, event: StoredEvent): Promise<void> {
    await this.#domainEnds(manager, event);
    const given = domainSubject.parse(event.subject);
    // In the look of the region's host: the domain has the words of its new owner.
    await this.#mail(manager, event, {
      kind: 'domain_given',
      domain: null,
      body: (scene) => domainGivenBody(given, scene),
    });
  }

  /** The owner of a name that has no certificate yet is setting it up, and looks by itself. */
  async #renewalFails(manager: EntityManager, event: StoredEvent): Promise<void> {
    const certificate = certificateSubject.parse(event.subject);
    const { not_after: notAfter, is_urgent: isUrgent, attempts, id, domain } = certificate;
    if (notAfter === null) return;
    const isUploaded = event.type === 'certificate.expiring';
    const hasEnded = notAfter <= event.at;
    const isTrouble = isUploaded || hasEnded || isUrgent || attempts >= ATTEMPTS_BEFORE_NOTICE;
    if (!isTrouble || !(await begins(manager, 'certificate', id))) return;
    await this.#mail(manager, event, {
      kind: 'certificate_not_renewing',
      domain,
      body: (scene) => certificateTroubleBody(certificate, { isUploaded, hasEnded }, scene),
    });
  }

  async #renewed(manager: EntityManager, event: StoredEvent): Promise<void> {
    const certificate = certificateSubject.parse(event.subject);
    if (!(await ends(manager, 'certificate', certificate.id))) return;
    await this.#mail(manager, event, {
      kind: 'certificate_renewed',
      domain: certificate.domain,
      body: (scene) => certificateRenewedBody(certificate, scene),
    });
  }

  async #webhookDisabled(manager: EntityManager, event: StoredEvent): Promise<void> {
    const webhook = webhookSubject.parse(event.subject);
    await this.#mail(manager, event, {
      kind: 'webhook_disabled',
      domain: null,
      body: (scene) => webhookDisabledBody(webhook, scene),
    });
  }

  async #mail(manager: EntityManager, event: StoredEvent, notice: Notice): Promise<void> {
    const id = event.accountId as AccountId;
    const account = await manager.getRepository(AccountEntity).findOneBy({ id });
    if (account === null) return;
    const language = languageOf(account.language);
    // The region's own host, since the notice may be about a custom domain that does not answer.
    const apiOrigin = apiOriginOf(this.config);
    const statements = within(manager);
    const unsubscribeUrl = await this.unsubscribing.linkFor(
      { list: 'notices', address: account.email },
      { origin: apiOrigin, language },
      statements,
    );
    if (unsubscribeUrl === null) return;
    const brand = await this.brands.within(statements, notice.domain);
    const addressing = {
      kind: notice.kind,
      accountId: id,
      to: account.email,
      replyTo: null,
      uniqueKey: `event ${event.id}`,
      usefulSeconds: GIVE_UP_SECONDS,
    };
    const body = notice.body({ brand, language, apiOrigin, unsubscribeUrl });
    await this.queue.add(manager, brandedMail(addressing, body, { brand, language }));
  }
}

interface Notice {
  readonly kind: string;
  readonly domain: Hostname | null;
  readonly body: (scene: NoticeScene) => MailBody;
}
