import { Injectable } from '@nestjs/common';
import type { Caller } from '../../auth/caller.js';
import { generateValue } from '../../secrets/generated-value.js';
import { readLinkKey } from '../../secrets/link-key.js';
import type { ConcealSecret } from '../../secrets/receipt.js';
import { parseRecipients } from '../../secrets/recipient.js';
import { SecretLooks } from '../../secrets/secret-looks.js';
import { secretGone, SecretsService } from '../../secrets/secrets.service.js';
import type {
  V2Created,
  V2SecretAnswer,
  V2SecretStatus,
  V2SecretStatusList,
} from './v2-answers.js';
import {
  concealCommand,
  generatedValueOptions,
  type ConcealRequest,
  type GenerateRequest,
  type RevealRequest,
} from './v2-requests.js';
import {
  presentCreated,
  presentRevealed,
  presentStatus,
  presentStatusList,
  presentUnread,
} from './v2-secret-presenter.js';

/** The answers about secrets, which the routes of accounts and of guests share. */
@Injectable()
export class V2SecretAnswers {
  constructor(
    private readonly secrets: SecretsService,
    private readonly looks: SecretLooks,
  ) {}

  conceal(caller: Caller, request: ConcealRequest): Promise<V2Created> {
    const value = request?.secret ?? '';
    return this.#create(caller, concealCommand(request, { kind: 'share', value }));
  }

  generate(caller: Caller, request: GenerateRequest): Promise<V2Created> {
    const value = generateValue(generatedValueOptions(request));
    return this.#create(caller, concealCommand(request, { kind: 'generate', value }));
  }

  /** @param method a GET counts as a look, HEAD and POST do not */
  async show(caller: Caller, param: string, method: string): Promise<V2SecretAnswer> {
    const marksPreviewed = method === 'GET';
    const secret = await this.looks.look(caller, readLinkKey(param), { marksPreviewed });
    if (secret === null) throw secretGone();
    return presentUnread(secret, caller);
  }

  /** Without `continue` it is no more than a look, and no passphrase is tried. */
  async reveal(caller: Caller, param: string, request: RevealRequest): Promise<V2SecretAnswer> {
    if (!request.continue) return this.show(caller, param, 'POST');
    const key = readLinkKey(param);
    const secret = await this.secrets.reveal(caller, key, request.passphrase || null);
    return presentRevealed(secret, key, caller);
  }

  async status(caller: Caller, param: string, method: string): Promise<V2SecretStatus> {
    const marksPreviewed = method === 'GET';
    return presentStatus(await this.looks.look(caller, readLinkKey(param), { marksPreviewed }));
  }

  async statusOfMany(caller: Caller, params: readonly string[]): Promise<V2SecretStatusList> {
    const keys = params.map(readLinkKey).filter((key) => key !== '');
    return presentStatusList(await this.looks.lookAtMany(caller, keys));
  }

  async #create(caller: Caller, command: ConcealSecret): Promise<V2Created> {
    const receipt = await this.secrets.conceal(caller, command);
    return presentCreated(receipt, parseRecipients(command.recipients));
  }
}
