import { SIGN_IN_LIMITS } from './sign-in-limits.js';

/** How often something may be done: `burst` times in a window of `seconds`, which begins with the first time. */
export interface Limit {
  readonly burst: number;
  readonly seconds: number;
}

interface DefaultLimit extends Limit {
  /** Whose doings are counted together. */
  readonly per: string;
  /** In the database, for all replicas and across restarts; or in the memory of a process, of fixed size. */
  readonly kept: 'database' | 'memory';
  readonly why: string;
}

/**
 * Every limit: a network is one IPv4 address or an IPv6 /64, a wide network the IPv6 /48 around it. The defaults let an
 * office behind one address work, and stop a flood of one client.
 */
export const LIMITS = {
  REQUESTS: {
    per: 'network',
    burst: 6000,
    seconds: 60,
    kept: 'memory',
    why: 'a cheap bound on everything, before any hash or query',
  },
  REQUESTS_WIDE: {
    per: 'wide network',
    burst: 24_000,
    seconds: 60,
    kept: 'memory',
    why: 'a /48 has 65,536 networks',
  },
  SIGN_IN: {
    per: 'network, failures',
    burst: 30,
    seconds: 600,
    kept: 'memory',
    why: 'tokens have 160 random bits, so this bounds the load, not the luck, of guessing',
  },
  SIGN_IN_ACCOUNT: {
    per: 'login, failures',
    burst: 100,
    seconds: 3600,
    kept: 'memory',
    why: 'the same from many networks; a network that has signed in is never refused',
  },
  SIGN_IN_SLOW: {
    per: 'login and network',
    burst: 1,
    seconds: 60,
    kept: 'memory',
    why: 'what remains once either of the two is used up',
  },
  ...SIGN_IN_LIMITS,
  CREATE: {
    per: 'network, anonymous',
    burst: 300,
    seconds: 600,
    kept: 'database',
    why: 'each secret is a row for up to 7 days',
  },
  CREATE_WIDE: {
    per: 'wide network, anonymous',
    burst: 3000,
    seconds: 600,
    kept: 'database',
    why: 'a /48 has 65,536 networks',
  },
  CREATE_ACCOUNT: {
    per: 'account',
    burst: 6000,
    seconds: 600,
    kept: 'database',
    why: 'a script of a customer, from anywhere',
  },
  CREATE_DOMAIN: {
    per: 'custom domain, guests',
    burst: 3000,
    seconds: 600,
    kept: 'database',
    why: 'guests of one domain cannot fill the region; its owner is not counted',
  },
  OPEN: {
    per: 'network, anonymous',
    burst: 1200,
    seconds: 600,
    kept: 'memory',
    why: 'reveals, receipts and burns: a key has 150 random bits, so this bounds the load',
  },
  OPEN_WIDE: {
    per: 'wide network, anonymous',
    burst: 12_000,
    seconds: 600,
    kept: 'memory',
    why: 'a /48 has 65,536 networks',
  },
  OPEN_ACCOUNT: {
    per: 'account',
    burst: 12_000,
    seconds: 600,
    kept: 'memory',
    why: 'reveals, receipts, lists and burns of a customer',
  },
  DOMAIN_CHANGES: {
    per: 'account',
    burst: 300,
    seconds: 600,
    kept: 'database',
    why: 'claims and checks ask name servers that are not ours',
  },
  DOMAIN_CHECKS: {
    per: 'domain, set-up link',
    burst: 60,
    seconds: 600,
    kept: 'database',
    why: 'one name is checked by a person or a script, not by a loop',
  },
  TRANSFER_CODES: {
    per: 'account',
    burst: 20,
    seconds: 3600,
    kept: 'database',
    why: 'codes of domains that others give away: 80 random bits, and nobody types twenty',
  },
  REGION_MOVES: {
    per: 'network',
    burst: 1200,
    seconds: 600,
    kept: 'memory',
    why: 'what other regions ask about names that move; a code has 80 random bits',
  },
  ACCOUNT_READS: {
    per: 'account',
    burst: 1200,
    seconds: 600,
    kept: 'memory',
    why: 'an account, its tokens and its activity, as a page shows them',
  },
  ACCOUNT_CHANGES: {
    per: 'account',
    burst: 120,
    seconds: 600,
    kept: 'database',
    why: 'tokens, codes and closing: done by a person or a script now and then',
  },
  EMAIL_CHANGES: {
    per: 'account',
    burst: 5,
    seconds: 3600,
    kept: 'database',
    why: 'each sends a message to an address that nobody has proven',
  },
  ACCOUNT_EXPORTS: {
    per: 'account',
    burst: 10,
    seconds: 3600,
    kept: 'database',
    why: 'each reads all that is kept about an account',
  },
  DOMAIN_LOOKS: {
    per: 'account',
    burst: 200,
    seconds: 200,
    kept: 'memory',
    why: 'each claim, dry run and check sends some thirty queries and a probe to wherever the caller names',
  },
  DOMAIN_DISCOVERIES: {
    per: 'account',
    burst: 30,
    seconds: 3600,
    kept: 'memory',
    why: 'each asks servers that the zone of a customer names whether they can make its records',
  },
  DOCS: {
    per: 'network',
    burst: 240,
    seconds: 60,
    kept: 'memory',
    why: 'the API document and its page: cheap, but large',
  },
  PASSPHRASE: {
    per: 'secret and network',
    burst: 5,
    seconds: 600,
    kept: 'database',
    why: 'guesses; of secrets that do not exist they are counted alike, in memory',
  },
  PASSPHRASE_SECRET: {
    per: 'secret',
    burst: 20,
    seconds: 3600,
    kept: 'database',
    why: 'guesses from many networks',
  },
  PASSPHRASE_SLOW: {
    per: 'secret and network',
    burst: 1,
    seconds: 60,
    kept: 'database',
    why: 'what remains once the secret’s guesses are used up, so that nobody can lock the recipient out',
  },
  MAIL_ACCOUNT: {
    per: 'account',
    burst: 500,
    seconds: 86_400,
    kept: 'database',
    why: 'mails with links that an account has sent; beyond it they are not sent, and the answer says so',
  },
  MAIL_RECIPIENT: {
    per: 'recipient',
    burst: 50,
    seconds: 86_400,
    kept: 'database',
    why: 'mails with links to one address, from all accounts',
  },
  MAIL_PAIR: {
    per: 'account and recipient',
    burst: 20,
    seconds: 86_400,
    kept: 'database',
    why: 'one account cannot fill one mailbox',
  },
} as const satisfies Record<string, DefaultLimit>;

export type LimitName = keyof typeof LIMITS;

export const LIMIT_NAMES = Object.keys(LIMITS) as LimitName[];

export type Limits = Readonly<Record<LimitName, Limit>>;

/** The variable that sets a limit, as `BURST/SECONDS`. */
export function limitVariable(name: LimitName): `GATEWAY_LIMIT_${LimitName}` {
  return `GATEWAY_LIMIT_${name}`;
}

/** The limits, with those that the environment sets. */
export function limitsWith(
  valueOf: (variable: `GATEWAY_LIMIT_${LimitName}`) => Limit | undefined,
): Limits {
  return Object.fromEntries(
    LIMIT_NAMES.map((name) => {
      const { burst, seconds } = LIMITS[name];
      return [name, valueOf(limitVariable(name)) ?? { burst, seconds }];
    }),
  ) as Record<LimitName, Limit>;
}

export const DEFAULT_LIMITS: Limits = limitsWith(() => undefined);
