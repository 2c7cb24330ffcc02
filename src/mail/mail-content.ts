import { z } from 'zod';

/** What a mail says and to whom, as it is sealed: a mail without the columns of its row. */
const contentSchema = z.object({
  to: z.string(),
  senderName: z.string(),
  replyTo: z.string().nullable(),
  subject: z.string(),
  text: z.string(),
  html: z.string(),
  language: z.string(),
  unsubscribeUrl: z.string().nullable().default(null),
});
export type MailContent = Readonly<z.output<typeof contentSchema>>;

export function readContent(text: string): MailContent {
  return contentSchema.parse(JSON.parse(text));
}
