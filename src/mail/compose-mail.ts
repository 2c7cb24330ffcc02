import type { MailConfig } from '../config/mail-config.js';
import type { MailContent } from './mail-content.js';
import type { ComposedMail } from './mail-sender.js';

/** Loaded with the first mail. */
async function newTransport() {
  const { createTransport } = await import('nodemailer');
  return createTransport(
    { streamTransport: true, buffer: true, newline: 'windows' },
    { disableFileAccess: true, disableUrlAccess: true },
  );
}

let transport: ReturnType<typeof newTransport> | undefined;

/**
 * Writes the message. Addresses are objects: a text would be parsed, and may name several. The Message-ID is the row's, so
 * a repeated mail has the same.
 */
export async function composeMail(
  id: string,
  content: MailContent,
  { from, bounceAddress }: MailConfig,
): Promise<ComposedMail> {
  const { to, senderName, replyTo, subject, text, html, language, unsubscribeUrl } = content;
  transport ??= newTransport();
  const { message } = await (
    await transport
  ).sendMail({
    messageId: `<${id}@${from.address.slice(from.address.lastIndexOf('@') + 1)}>`,
    date: new Date(),
    from: { name: from.name ?? senderName, address: from.address },
    to: { name: '', address: to },
    ...(replyTo === null ? {} : { replyTo: { name: '', address: replyTo } }),
    subject,
    text,
    html,
    headers: {
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      'Content-Language': language,
      ...(unsubscribeUrl === null ? {} : unsubscribing(unsubscribeUrl, from.address, id)),
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  if (!Buffer.isBuffer(message)) throw new Error('the composed mail is no buffer');
  return { id, from: bounceAddress, to, raw: message };
}

/** RFC 8058; the address is for mail programs that do not send the POST. */
function unsubscribing(url: string, address: string, id: string): Record<string, string> {
  const mailto = `mailto:${encodeURI(address)}?subject=unsubscribe%20${id}`;
  return {
    'List-Unsubscribe': `<${url}>, <${mailto}>`,
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  };
}
