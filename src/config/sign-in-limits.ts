/** The part of LIMITS for signing up and in by browsers. */
export const SIGN_IN_LIMITS = {
  PASSWORD: {
    per: 'address and network',
    burst: 10,
    seconds: 600,
    kept: 'database',
    why: 'tries to sign in with a password',
  },
  PASSWORD_NETWORK: {
    per: 'network',
    burst: 100,
    seconds: 600,
    kept: 'database',
    why: 'one password tried at many addresses; an office signs in behind one',
  },
  PASSWORD_ACCOUNT: {
    per: 'address',
    burst: 100,
    seconds: 3600,
    kept: 'database',
    why: 'one address tried from many networks',
  },
  PASSWORD_SLOW: {
    per: 'address and network',
    burst: 1,
    seconds: 60,
    kept: 'database',
    why: 'what remains once one of the three is used up, so that nobody can lock the owner out',
  },
  SECOND_FACTOR: {
    per: 'account',
    burst: 30,
    seconds: 3600,
    kept: 'database',
    why: 'codes of an authenticator app, which have six digits; recovery codes and passkeys still open',
  },
  ACCOUNT_LINKS: {
    per: 'network',
    burst: 20,
    seconds: 3600,
    kept: 'database',
    why: 'asking for a link to sign up, or for a new password',
  },
  ACCOUNT_LINKS_WIDE: {
    per: 'wide network',
    burst: 100,
    seconds: 3600,
    kept: 'database',
    why: 'a /48 has 65,536 networks',
  },
  ACCOUNT_LINKS_ADDRESS: {
    per: 'address',
    burst: 5,
    seconds: 3600,
    kept: 'database',
    why: 'beyond it nothing is mailed, and the answer is the same; what was mailed stays valid',
  },
} as const;
