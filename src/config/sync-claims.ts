/** What a claim waits for at the synchronous standby, as PostgreSQL's `synchronous_commit`. */
export const SYNC_CLAIMS = ['on', 'remote_apply', 'remote_write'] as const;

export type SyncClaims = (typeof SYNC_CLAIMS)[number];
