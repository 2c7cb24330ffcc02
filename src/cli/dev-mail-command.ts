import type { Command } from 'commander';
import { readConfig } from '../config/config.js';
import { readMailFiles, type MailFile } from '../mail/mail-files.js';
import { readMail } from '../mail/read-mail.js';
import { AppError } from '../shared/app-error.js';
import { wholeNumberUpTo, type CommandContext } from './command-context.js';
import { formatTable } from './text-layout.js';

/** `dev mail list | show N`: the mails that became files, because there is no SMTP server. */
export function addDevMailCommand(dev: Command, context: CommandContext): void {
  const folder = (): string => readConfig(context.environment).mail.folder;
  const files = (): MailFile[] => readMailFiles(folder());
  const mail = dev.command('mail').description('mails that became files without an SMTP server');

  mail
    .command('list')
    .description('all mails, oldest first')
    .option('--json', 'print JSON on one line')
    .action((options: { readonly json?: true }) => {
      const mails = files().map((file, index) => summaryOf(file, index + 1));
      if (options.json) return context.print(JSON.stringify(mails));
      context.print(mails.length === 0 ? `no mails in ${folder()}` : formatTable(mails));
    });
  mail
    .command('show')
    .description('one mail as a text program shows it')
    .argument('<number>', 'as in the list', wholeNumberUpTo(1_000_000))
    .option('--raw', 'the file as it is')
    .option('--html', 'the HTML instead of the text')
    .action((number: number, options: { readonly raw?: true; readonly html?: true }) => {
      const file = files()[number - 1];
      if (file === undefined) throw new AppError('not_found', `There is no mail ${number}.`);
      if (options.raw) return context.print(file.raw.toString());
      const { headers, text, html } = readMail(file.raw);
      if (options.html) return context.print(html);
      const lines = ['from', 'to', 'date', 'subject'].map(
        (name) => `${name}: ${headers[name] ?? ''}`,
      );
      context.print(`${lines.join('\n')}\n\n${text}`);
    });
}

function summaryOf(file: MailFile, number: number) {
  const { to = '', subject = '' } = readMail(file.raw).headers;
  return { number: String(number), at: file.at, to, subject };
}
