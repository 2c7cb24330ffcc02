/** Of the pages of an account: the way around, what it has, its messages, its address and its end. */
export const ownerEn = {
  'nav.account': 'Account',
  'nav.secrets': 'Messages',
  'nav.domains': 'Domains',
  'nav.tokens': 'API tokens',
  'nav.webhooks': 'Webhooks',
  'nav.security': 'Security',
  'nav.sessions': 'Browsers',
  'nav.activity': 'Activity',
} as const;

export type OwnerMessages = Readonly<Record<keyof typeof ownerEn, string>>;
