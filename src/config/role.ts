/**
 * What a process does for its regions: `serve` answers what is public about secrets, with a database login of its own;
 * `work` does the rest: migrations, background jobs, accounts and domains. `all` does both.
 */
export const ROLES = ['all', 'serve', 'work'] as const;

export type Role = (typeof ROLES)[number];
