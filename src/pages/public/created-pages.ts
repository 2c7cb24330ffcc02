import { Injectable } from '@nestjs/common';
import { MailedLinks } from '../../secrets/mailed-links.js';
import type { Receipt } from '../../secrets/receipt.js';
import { ReceiptsService } from '../../secrets/receipts.service.js';
import type { Visit } from '../frame/frames.js';
import { pageOf, seeOther, type Page } from '../frame/page.js';
import { Presses } from '../frame/presses.js';
import type { MessageKey } from '../messages/catalogues.js';
import { createdPath } from './created-path.js';
import { GeneratedValues } from './generated-values.js';
import { receiptNonces } from './receipt-nonces.js';
import { linkIn } from './secret-link.js';
import { CreatedPage } from './views/created-page.js';
import type { MailFormProps } from './views/mail-form.js';

interface Shown {
  /** Of a generated value, as it came in a query. */
  readonly ticket: unknown;
  /** Why the link was not mailed. */
  readonly failed?: MessageKey;
  /** The address that was typed. */
  readonly to?: string;
}

/** The page of a new link. */
@Injectable()
export class CreatedPages {
  constructor(
    private readonly receipts: ReceiptsService,
    private readonly presses: Presses,
    private readonly generated: GeneratedValues,
    private readonly mailed: MailedLinks,
  ) {}

  async show({ caller, frame }: Visit, key: string, shown: Shown): Promise<Page> {
    const { ticket, failed } = shown;
    const receipt = await this.receipts.show(caller, key, { markViewed: false });
    const link = linkIn(receipt, caller.tenant);
    if (link === null) return seeOther(`/receipt/${key}`);
    const generatedValue = typeof ticket === 'string' ? this.generated.recall(key, ticket) : null;
    const nonces = receiptNonces(this.presses, caller, key);
    const mail = this.mailed.isOffered(caller, receipt) ? mailForm(receipt, shown) : null;
    const props = { receipt, link, generatedValue, nonces, mail };
    if (failed === undefined) return pageOf(frame, CreatedPage, props);
    const alert = frame.texts(failed);
    return pageOf(frame, CreatedPage, { ...props, alert }, { status: 400 });
  }
}

function mailForm({ metadataKey }: Receipt, { ticket, failed, to }: Shown): MailFormProps {
  const action = createdPath(metadataKey, ticket).replace('/created', '/mail');
  return { action, to: to ?? '', isOpen: failed !== undefined };
}
