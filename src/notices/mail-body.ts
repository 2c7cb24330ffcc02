/** What a mail says, in the order of reading. Plain text; renderText() and renderHtml() write it. */
export interface MailBody {
  readonly subject: string;
  readonly heading: string;
  readonly paragraphs: readonly string[];
  /** The one thing to follow; in the text the URL has a line of its own. */
  readonly action: { readonly label: string; readonly url: string } | null;
  /** After the action. */
  readonly remarks: readonly string[];
  readonly footer: string;
  /** How its reader refuses such mails; null: they cannot be refused. */
  readonly unsubscribe: { readonly label: string; readonly url: string } | null;
}
