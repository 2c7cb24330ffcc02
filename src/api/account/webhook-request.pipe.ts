import { Injectable } from '@nestjs/common';
import { DomainRequestPipe } from '../domains/domain-request.pipe.js';

/** DomainRequestPipe for the account's webhooks. */
@Injectable()
export class WebhookRequestPipe extends DomainRequestPipe {
  protected override readonly unknownId = 'Webhook not found';
}
