import { Controller, Get, Header } from '@nestjs/common';
import type { z } from 'zod';
import { OfferedBy } from '../../auth/offered-by.decorator.js';
import { Scoped } from '../../auth/scoped.decorator.js';
import { CellConfig } from '../../config/cell-config.js';
import {
  DELETED_WITHIN_SECONDS,
  KEPT_AT_MOST_SECONDS,
  RetentionReport,
} from '../../secrets/retention-report.js';
import type { retentionSchema } from './retention-operations.js';

/** How long ciphertexts are kept, for everybody, on every host. */
@Controller('.well-known/retention')
@OfferedBy('every')
@Scoped('any')
export class RetentionController {
  constructor(
    private readonly config: CellConfig,
    private readonly report: RetentionReport,
  ) {}

  @Get()
  @Header('access-control-allow-origin', '*')
  async retention(): Promise<z.infer<typeof retentionSchema>> {
    const { oldestSeconds, oldestExpiredSeconds, purgedAt, measuredAt } =
      await this.report.retention();
    return {
      region: this.config.region,
      kept_at_most_seconds: KEPT_AT_MOST_SECONDS,
      deleted_within_seconds: DELETED_WITHIN_SECONDS,
      oldest_ciphertext_seconds: Math.ceil(oldestSeconds),
      oldest_expired_ciphertext_seconds: Math.ceil(oldestExpiredSeconds),
      last_purge_at: purgedAt.toISOString(),
      measured_at: measuredAt.toISOString(),
    };
  }
}
