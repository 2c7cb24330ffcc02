import { Injectable } from '@nestjs/common';
import { DomainRequestPipe } from '../domains/domain-request.pipe.js';

/** DomainRequestPipe for the account's API, whose ids are those of tokens. */
@Injectable()
export class AccountRequestPipe extends DomainRequestPipe {
  protected override readonly unknownId = 'Token not found';
}
