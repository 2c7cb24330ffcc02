import type { GatewayProcess } from './gateway-process.js';
import { until } from './until.js';

type Purpose = 'sign-up' | 'new-password' | 'unsubscribe';

/** The path of the link in the newest mail to the address. */
export async function linkMailedTo(
  gateway: GatewayProcess,
  email: string,
  purpose: Purpose,
): Promise<string> {
  const path = new RegExp(String.raw`/${purpose}/[\w-]{43,}`);
  let link = '';
  await until(`a link is mailed to ${email}`, async () => {
    const { stdout } = await gateway.command('dev', 'mail', 'list');
    const line = stdout.split('\n').find((text) => text.includes(email));
    const number = /\d+/.exec(line ?? '')?.[0];
    if (number === undefined) return false;
    const { stdout: mail } = await gateway.command('dev', 'mail', 'show', number);
    link = path.exec(mail)?.[0] ?? '';
    return link !== '';
  });
  return link;
}
