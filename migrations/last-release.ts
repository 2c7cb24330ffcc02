/**
 * The release before this source, by the last migration that it has. Its processes run beside those of this source during
 * an upgrade, on the schema of this source: what is added since must not change or refuse what it writes and reads
 * (test/integration/database/upgrade.spec.ts, docs/operations.md). Moved on when a version is released.
 */
export const LAST_RELEASE = { version: '0.1.0', lastMigration: 'AddDomainLook1795430000028' };
