import type { ChargedAction } from '../limits/limited.decorator.js';
import { networkCharges } from '../limits/network-charges.js';
import type { Charge } from '../limits/rate-limits.js';
import type { Caller } from './caller.js';

/** What an action of a caller is counted under. @param domainId of a route of one domain */
export function chargesOf(
  action: ChargedAction,
  { account, client, tenant }: Caller,
  domainId: string | null,
): Charge[] {
  switch (action) {
    case 'create': {
      if (account !== null) return [{ limit: 'CREATE_ACCOUNT', subject: account.id }];
      const charges = networkCharges(client, 'CREATE', 'CREATE_WIDE');
      if (tenant.customDomain === null) return charges;
      return [...charges, { limit: 'CREATE_DOMAIN', subject: tenant.customDomain.domainId }];
    }
    case 'open':
      if (account !== null) return [{ limit: 'OPEN_ACCOUNT', subject: account.id }];
      return networkCharges(client, 'OPEN', 'OPEN_WIDE');
    case 'domain change':
      return account === null ? [] : [{ limit: 'DOMAIN_CHANGES', subject: account.id }];
    case 'transfer code':
      return account === null
        ? []
        : [
            { limit: 'DOMAIN_CHANGES', subject: account.id },
            { limit: 'TRANSFER_CODES', subject: account.id },
          ];
    case 'move':
      return [{ limit: 'REGION_MOVES', subject: client.near }];
    case 'account read':
      return account === null ? [] : [{ limit: 'ACCOUNT_READS', subject: account.id }];
    case 'account change':
      return account === null ? [] : [{ limit: 'ACCOUNT_CHANGES', subject: account.id }];
    case 'email change':
      return account === null ? [] : [{ limit: 'EMAIL_CHANGES', subject: account.id }];
    case 'export':
      return account === null ? [] : [{ limit: 'ACCOUNT_EXPORTS', subject: account.id }];
    case 'domain check':
      if (account === null || domainId === null) return [];
      return [
        { limit: 'DOMAIN_CHANGES', subject: account.id },
        // With the account: a stranger's guesses at an id must not use up its owner's checks.
        { limit: 'DOMAIN_CHECKS', subject: `${account.id} ${domainId}` },
      ];
    case 'docs':
      return [{ limit: 'DOCS', subject: client.near }];
  }
}
