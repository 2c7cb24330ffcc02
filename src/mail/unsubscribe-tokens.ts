import { hkdfSync } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { CellConfig } from '../config/cell-config.js';
import { BOX_KEY_BYTES, openBox, sealBox } from '../shared/sealed-box.js';
import { MAIL_LISTS, type Subscription } from './mail-list.js';

const NO_SALT = Buffer.alloc(0);
const PURPOSE = 'onetime unsubscribe v1';
const VERSION_BYTES = 2;
/** An address has at most 254 bytes. */
const TOKEN = /^[\w-]{40,500}$/;

/**
 * What is in the URL of a mail by which its reader refuses such mails: list and address, sealed, so that nobody makes
 * one for another address or reads one in a log. It has no end, as the mail has none.
 */
@Injectable()
export class UnsubscribeTokens {
  constructor(private readonly config: CellConfig) {}

  tokenFor({ list, address }: Subscription): string {
    const { version, bytes } = this.config.rootKeys[0];
    const head = Buffer.alloc(VERSION_BYTES);
    head.writeUInt16BE(version);
    const box = sealBox(keyOf(bytes), `${list} ${address}`, this.#context(version));
    return Buffer.concat([head, box]).toString('base64url');
  }

  /** Null for a token that is not ours, is damaged, or whose root key is not configured any more. */
  read(token: string): Subscription | null {
    if (!TOKEN.test(token)) return null;
    const bytes = Buffer.from(token, 'base64url');
    const version = bytes.readUInt16BE(0);
    const root = this.config.rootKeys.find((each) => each.version === version);
    if (root === undefined) return null;
    const box = bytes.subarray(VERSION_BYTES);
    const text = openBox(keyOf(root.bytes), box, this.#context(version));
    const list = MAIL_LISTS.find((each) => text?.startsWith(`${each} `));
    if (text === null || list === undefined) return null;
    return { list, address: text.slice(list.length + 1) };
  }

  #context(version: number): Buffer {
    return Buffer.from(`${this.config.region} ${version}`);
  }
}

function keyOf(root: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', root, NO_SALT, PURPOSE, BOX_KEY_BYTES));
}
