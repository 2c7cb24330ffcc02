import type { OwnerMessages } from './en.js';

export const ownerEs: OwnerMessages = {
  'nav.account': 'Cuenta',
  'nav.secrets': 'Mensajes',
  'nav.domains': 'Dominios',
  'nav.tokens': 'Tokens de API',
  'nav.webhooks': 'Webhooks',
  'nav.security': 'Seguridad',
  'nav.sessions': 'Navegadores',
  'nav.activity': 'Actividad',
};
