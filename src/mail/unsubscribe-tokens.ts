import { Injectable } from '@nestjs/common';
import { CellConfig } from '../config/cell-config.js';
import { RootBox } from '../config/root-box.js';
import { MAIL_LISTS, type Subscription } from './mail-list.js';

const ID = 'unsubscribe';
const VERSION_BYTES = 2;
/** An address has at most 254 bytes. */
const TOKEN = /^[\w-]{40,500}$/;

/**
 * What is in the URL of a mail by which its reader refuses such mails: list and address, sealed, so that nobody makes
 * one for another address or reads one in a log. It has no end, as the mail has none.
 */
@Injectable()
export class UnsubscribeTokens {
  readonly #box: RootBox;

  constructor(config: CellConfig) {
    this.#box = new RootBox(config, 'onetime unsubscribe v1');
  }

  tokenFor({ list, address }: Subscription): string {
    const { keyVersion, sealed } = this.#box.seal(ID, `${list} ${address}`);
    const version = Buffer.alloc(VERSION_BYTES);
    version.writeUInt16BE(keyVersion);
    return Buffer.concat([version, sealed]).toString('base64url');
  }

  /** Null for a token that is not ours, is damaged, or whose root key is not configured any more. */
  read(token: string): Subscription | null {
    if (!TOKEN.test(token)) return null;
    const bytes = Buffer.from(token, 'base64url');
    const sealed = bytes.subarray(VERSION_BYTES);
    const text = this.#box.open(ID, { keyVersion: bytes.readUInt16BE(0), sealed });
    const list = MAIL_LISTS.find((each) => text?.startsWith(`${each} `));
    if (text === null || list === undefined) return null;
    return { list, address: text.slice(list.length + 1) };
  }
}
