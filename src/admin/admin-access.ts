import { Injectable } from '@nestjs/common';
import { networkCharges } from '../limits/network-charges.js';
import { CellConfig } from '../config/cell-config.js';
import type { Region } from '../config/region.js';
import { isExceeded, rateLimited, RateLimits } from '../limits/rate-limits.js';
import { SignInLimits } from '../limits/sign-in-limits.js';
import { AdminAuditService } from '../operators/admin-audit.service.js';
import { AdminKeysService, type VerifiedKey } from '../operators/admin-keys.service.js';
import { loggerFor } from '../shared/log-scope.js';
import type { ClientNetworks, Network } from '../shared/network.js';
import { keyRefused, readAdminCredentials, scopeMissing } from './admin-credentials.js';
import type { AdminOperation } from './admin-operation.js';

/** The sender of a request, from its connection and its headers. */
export interface AdminSender {
  readonly requestId: string;
  readonly rawHeaders: readonly string[];
  readonly client: ClientNetworks;
  readonly network: Network;
}

/** One use of a key. */
export interface KeyUse {
  readonly key: VerifiedKey;
  readonly sender: AdminSender;
}

/** Decides who may have an operation, and writes the audit trail. */
@Injectable()
export class AdminAccess {
  readonly #logger = loggerFor(AdminAccess.name);

  constructor(
    private readonly config: CellConfig,
    private readonly keys: AdminKeysService,
    private readonly audit: AdminAuditService,
    private readonly limits: RateLimits,
    private readonly signIns: SignInLimits,
  ) {}

  get region(): Region {
    return this.config.region;
  }

  /** @throws AppError for a request that may not have the operation */
  async admit(operation: AdminOperation, sender: AdminSender): Promise<VerifiedKey> {
    const charges = networkCharges(sender.client, 'REQUESTS', 'REQUESTS_WIDE');
    const standing = this.limits.chargeMemory(charges);
    if (standing !== null && isExceeded(standing)) {
      const { resetsIn, used, burst } = standing;
      throw rateLimited(resetsIn, { made: used, max: burst });
    }
    const key = await this.#authenticate(operation, sender);
    if (key.scopes.includes(operation.scope)) return key;
    await this.refused(operation, { key, sender }, 403);
    throw scopeMissing(operation.scope);
  }

  async #authenticate(operation: AdminOperation, sender: AdminSender): Promise<VerifiedKey> {
    const presented = readAdminCredentials(sender.rawHeaders);
    if (presented === null) throw keyRefused();
    const login = `admin key ${presented.id}`;
    this.signIns.admit(sender.client, login);
    const key = await this.keys.verify(presented);
    if (key?.state === 'active') {
      this.signIns.succeeded(sender.client, login);
      return key;
    }
    this.signIns.failed(sender.client, login);
    if (key !== null) await this.refused(operation, { key, sender }, 401);
    throw keyRefused();
  }

  /** Resolves to the entry of the audit trail, to be ended. Without it nothing is done. */
  begin(operation: AdminOperation, use: KeyUse, target: string | null): Promise<string> {
    return this.audit.begin(entryOf(operation, use, target));
  }

  async refused(operation: AdminOperation, use: KeyUse, status: number): Promise<void> {
    await this.audit.begin(entryOf(operation, use, null), status);
  }

  /** The operation is done: an entry that stays without its status does not change the answer. */
  async end(entry: string, status: number): Promise<void> {
    try {
      await this.audit.end(entry, status);
    } catch (err) {
      this.#logger.error({ entry, status, err }, 'outcome not written to the audit trail');
    }
  }
}

function entryOf(operation: AdminOperation, { key, sender }: KeyUse, target: string | null) {
  return {
    keyId: key.id,
    keyName: key.name,
    operation: operation.operationId,
    target,
    network: sender.network,
    requestId: sender.requestId,
  };
}
