import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Caller } from '../auth/caller.js';
import { notAuthorized } from '../auth/not-authorized.js';
import { maskAddress } from '../shared/masked-address.js';
import { KeyMask, type Address } from './key-mask.js';
import { LinkDelivery } from './link-delivery.js';
import type { Receipt } from './receipt.js';
import { parseRecipients } from './recipient.js';
import { ReceiptsService } from './receipts.service.js';

/** The one statement that decides who mails a link: its owner, while it is unread, once. */
const TELL = `
  update receipts set recipients = $4, is_recipient_told = true, updated_at = now()
  where lookup = $1 and expires_on = $2 and account_id = $3 and recipients = '{}'
    and state in ('new', 'viewed') and secret_expires_at > now()
  returning 1`;

export interface MailWish {
  /** As it was typed. */
  readonly to: string;
  readonly language: string;
}

/** Mails a link that is made already, under the rules and limits of those that are mailed as they are made. */
@Injectable()
export class MailedLinks {
  /** A double click is one mail, counted once under the limits. */
  readonly #inWork = new Map<string, Promise<boolean>>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly keys: KeyMask,
    private readonly receipts: ReceiptsService,
    private readonly delivery: LinkDelivery,
  ) {}

  /** Whether the caller may mail the link of the receipt. */
  isOffered({ account }: Caller, { ownerId, secretKey, recipients }: Receipt): boolean {
    const isOwner = account !== null && account.id === ownerId;
    return isOwner && secretKey !== null && recipients.length === 0 && this.delivery.isOpen;
  }

  /**
   * True: the mail is queued, by this call or by another. False: a limit is used up, or the address takes no links.
   * @throws AppError `invalid_request` for what is no address, `not_authorized`, `secret_gone`
   */
  async send(caller: Caller, metadataKey: string, wish: MailWish): Promise<boolean> {
    const { account, tenant } = caller;
    const press = JSON.stringify([account?.id ?? null, tenant.hostname, metadataKey, wish]);
    const inWork = this.#inWork.get(press);
    if (inWork !== undefined) return inWork;
    const sent = this.#send(caller, metadataKey, wish);
    this.#inWork.set(press, sent);
    try {
      return await sent;
    } finally {
      this.#inWork.delete(press);
    }
  }

  async #send(caller: Caller, metadataKey: string, { to, language }: MailWish): Promise<boolean> {
    const [recipient] = parseRecipients([to || '-']);
    const receipt = await this.#find(caller, metadataKey);
    if (receipt.isRecipientTold) return true;
    const { secretKey, domain, hasPassphrase, secretTtlSeconds } = receipt;
    if (recipient === undefined || secretKey === null || !this.isOffered(caller, receipt))
      throw notAuthorized();
    const ttlSeconds = secretTtlSeconds ?? 0;
    const link = { recipient, secretKey, domain, ttlSeconds, hasPassphrase, language };
    const part = await this.delivery.partFor(caller, link);
    // Another process may have taken the last that the limit allows, for the same link.
    if (part === null) return (await this.#find(caller, metadataKey)).isRecipientTold;
    const address = await this.keys.addressOf('receipt', metadataKey);
    const values = [...addressOf(address), receipt.ownerId, [maskAddress(recipient)]];
    await this.dataSource.transaction(async (manager) => {
      const [rows] = await manager.query<[unknown[], number]>(TELL, values);
      if (rows.length === 1) await manager.query(`with ${part.text(1)} select 1`, [...part.values]);
    });
    return true;
  }

  #find(caller: Caller, metadataKey: string): Promise<Receipt> {
    return this.receipts.show(caller, metadataKey, { markViewed: false });
  }
}

function addressOf({ lookup, expiresOn }: Address): [Buffer, string] {
  return [lookup, expiresOn];
}
