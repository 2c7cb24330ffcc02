import type { OwnerMessages } from './en.js';

export const ownerNl: OwnerMessages = {
  'nav.account': 'Account',
  'nav.secrets': 'Berichten',
  'nav.domains': 'Domeinen',
  'nav.tokens': 'API-tokens',
  'nav.webhooks': 'Webhooks',
  'nav.security': 'Beveiliging',
  'nav.sessions': 'Browsers',
  'nav.activity': 'Activiteit',
};
