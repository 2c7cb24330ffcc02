import type { OwnerMessages } from './en.js';

export const ownerDe: OwnerMessages = {
  'nav.account': 'Konto',
  'nav.secrets': 'Nachrichten',
  'nav.domains': 'Domains',
  'nav.tokens': 'API-Tokens',
  'nav.webhooks': 'Webhooks',
  'nav.security': 'Sicherheit',
  'nav.sessions': 'Browser',
  'nav.activity': 'Verlauf',
};
