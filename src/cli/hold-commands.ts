import type { Command } from 'commander';
import { presentHold } from '../admin/domains/domain-schemas.js';
import { withCommonOptions, type CommandContext, type CommonOptions } from './command-context.js';
import { actionOf, type Work } from './run-command.js';
import { formatTable } from './text-layout.js';

interface HoldOptions extends CommonOptions {
  readonly ca: string;
  readonly scope: string;
}

/** `certificate holds | release-hold`: until when a CA is not asked. */
export function addHoldCommands(certificate: Command, context: CommandContext): void {
  withCommonOptions(
    certificate.command('holds').description('until when a CA is not asked, and about what'),
  ).action(actionOf(context, list));
  withCommonOptions(
    certificate
      .command('release-hold')
      .description('ask the CA again at once, for the names that waited as well')
      .requiredOption('--ca <name>', 'the CA')
      .requiredOption('--scope <scope>', 'all, domain:NAME or name:NAME, as `holds` shows it'),
  ).action(actionOf(context, release));
}

const list: Work<CommonOptions> = async ({ interventions, region }) => {
  const holds = (await interventions.holds()).map(presentHold);
  const rows = holds.map(({ failures, ...hold }) => ({ ...hold, failures: String(failures) }));
  return {
    text: rows.length === 0 ? `No holds in ${region}.` : formatTable(rows),
    json: { holds },
  };
};

const release: Work<HoldOptions> = async ({ interventions, region }, { ca, scope }) => {
  const { isReleased, woken } = await interventions.releaseHold(ca, scope);
  return {
    text: isReleased
      ? `Released in ${region}: ${woken} names waited for it.`
      : `There is no hold of ${ca} for ${scope} in ${region}.`,
    json: { released: isReleased, names: woken },
  };
};
