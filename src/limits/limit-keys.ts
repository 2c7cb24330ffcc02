import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { CellConfig } from '../config/cell-config.js';
import type { LimitName } from '../config/limits.js';

const KEY_BYTES = 16;

/** The keys of counters in the database: keyed hashes, so that the table shows no address. Equal in all replicas. */
@Injectable()
export class LimitKeys {
  constructor(private readonly config: CellConfig) {}

  keyOf(limit: LimitName, subject: string): Buffer {
    return createHmac('sha256', this.config.rootKeys[0].bytes)
      .update(`onetime limit ${limit}\0${subject}`)
      .digest()
      .subarray(0, KEY_BYTES);
  }
}
