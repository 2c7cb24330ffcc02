/** Mails that an address may refuse: notices to the owner of an account, links to the recipient of a secret. */
export const MAIL_LISTS = ['notices', 'links'] as const;
export type MailList = (typeof MAIL_LISTS)[number];

/** The mails of one list to one address. */
export interface Subscription {
  readonly list: MailList;
  readonly address: string;
}
