import type { CellConfig } from '../config/cell-config.js';
import type { SyncClaims } from '../config/sync-claims.js';
import { withServerOptions } from './connect.js';

/** The URL of connections whose transactions commit like this, whatever the server's own setting is. */
export function withCommitLevel(url: string, level: SyncClaims | 'local'): string {
  return withServerOptions(url, `-c synchronous_commit=${level}`);
}

/** The URL of all connections but those of claims. With claims that wait for the standby, nothing else does: a standby that is away holds up no other request. */
export function commitsLocally({
  databaseUrl,
  syncClaims,
}: Pick<CellConfig, 'databaseUrl' | 'syncClaims'>): string {
  return syncClaims === null ? databaseUrl : withCommitLevel(databaseUrl, 'local');
}
