import type { Command } from 'commander';
import { readConfig } from '../config/config.js';
import { accountBinding } from '../dns/caa-binding.js';
import { formatCaa } from '../dns/caa-record.js';
import { AppError } from '../shared/app-error.js';
import { caNames, type CaNames } from './ca-identities.js';
import { withCommonOptions, type CommandContext, type CommonOptions } from './command-context.js';
import { chooseRegion, withDatabases } from './region-session.js';

/** A TTL that is short enough to change an account within an hour. */
const TTL_SECONDS = 300;

const PRICE = `; At this name they hold for every custom domain whose CNAME leads here, and outrank the customer's own CAA records:
; no other CA can issue for such a name while its CNAME stands, also not for a certificate that the customer uploads.
; A new account must be here before it is used.`;

/** `ca show-caa`. */
export function addCaCommands(program: Command, context: CommandContext): void {
  const ca = program.command('ca').description('the CAs that issue for a region');
  withCommonOptions(
    ca
      .command('show-caa')
      .description(
        "print the CAA records that bind customers' names to the region's accounts, an option with a price",
      ),
  ).action(async ({ region, json }: CommonOptions) => {
    const config = readConfig(context.environment);
    const own = chooseRegion(config, region);
    if (config.cas.length === 0)
      throw new AppError('not_found', 'The local authority issues: no CA looks at CAA records.');
    const [names = []] = await withDatabases(config, [own], (_region, database) =>
      caNames(config.cas, database),
    );
    const records = caaRecords(`*.${own.region}.ingress.${config.baseDomain}`, names);
    context.print(json === true ? JSON.stringify({ records }) : [PRICE, ...records].join('\n'));
  });
}

/**
 * One line for each identity of each CA. All of them or none: a CA that is left out must not issue.
 * @throws AppError when a CA or the account there is not known
 */
export function caaRecords(name: string, cas: readonly CaNames[]): string[] {
  return cas.flatMap(({ ca, domains, accountUri }) => {
    if (domains === null) throw new AppError('unavailable', `${ca} does not answer.`);
    if (domains.length === 0)
      throw new AppError('not_found', `${ca} names no identity for CAA records in its directory.`);
    if (accountUri === null)
      throw new AppError(
        'not_found',
        `The region has no account at ${ca} yet: it gets one with its first certificate there.`,
      );
    return domains.map((domain) => {
      const record = accountBinding({ domain, accountUri });
      if (record === null)
        throw new AppError(
          'not_found',
          `No CAA record can name the account at ${ca}: ${accountUri}`,
        );
      return `${name}. ${TTL_SECONDS} IN CAA ${formatCaa(record)}`;
    });
  });
}
