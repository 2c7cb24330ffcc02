import type { OwnerMessages } from './en.js';

export const ownerFr: OwnerMessages = {
  'nav.account': 'Compte',
  'nav.secrets': 'Messages',
  'nav.domains': 'Domaines',
  'nav.tokens': 'Jetons d’API',
  'nav.webhooks': 'Webhooks',
  'nav.security': 'Sécurité',
  'nav.sessions': 'Navigateurs',
  'nav.activity': 'Activité',
};
