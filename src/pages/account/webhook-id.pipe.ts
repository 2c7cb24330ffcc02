import { Injectable, type PipeTransform } from '@nestjs/common';
import { AppError } from '../../shared/app-error.js';
import { isUuid } from '../../shared/uuid.js';
import type { WebhookId } from '../../webhooks/webhook.js';

/** A malformed id in an address gets the answer of an unknown one. */
@Injectable()
export class WebhookIdPipe implements PipeTransform<string, WebhookId> {
  transform(text: string): WebhookId {
    if (!isUuid(text)) throw new AppError('not_found', 'Webhook not found');
    return text as WebhookId;
  }
}
