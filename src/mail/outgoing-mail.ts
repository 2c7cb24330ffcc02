/** A mail to one address, as its writer hands it over. Plain text in every field: nothing is parsed. */
export interface OutgoingMail {
  /** For metrics and logs, such as `secret_link`. */
  readonly kind: string;
  /** The mail is about this account, and is dropped with it; null: about none. */
  readonly accountId: string | null;
  readonly to: string;
  /** Shown beside the sender's address, unless the operator has set a name. */
  readonly senderName: string;
  /** Where an answer goes; null: to the sender's address. */
  readonly replyTo: string | null;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** BCP 47, such as `de`. */
  readonly language: string;
  /** By which its reader refuses such mails, in one click (RFC 8058); null: they cannot be refused. */
  readonly unsubscribeUrl: string | null;
  /** Of several mails with one key the first is sent; null: no other has it. */
  readonly uniqueKey: string | null;
  /** It is of no use later. At most a day. */
  readonly usefulSeconds: number;
}
