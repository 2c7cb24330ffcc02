import type { Command } from 'commander';
import {
  presentAdministered,
  presentCertificate,
  presentDomain,
  presentSecond,
  presentTransferred,
} from '../admin/domains/domain-schemas.js';
import type { AdministeredDomain } from '../certificates/domain-administration.service.js';
import type {
  CertificateReport,
  ReportFilter,
} from '../certificates/stores/certificate-report.store.js';
import type { Domain } from '../domains/domain.js';
import type { Output } from './account-output.js';
import {
  withCommonOptions,
  wholeNumberUpTo,
  type CommandContext,
  type CommonOptions,
} from './command-context.js';
import { actionOf, type Work } from './run-command.js';
import { diagnosisText } from './domain-diagnosis-text.js';
import { addHoldCommands } from './hold-commands.js';
import { formatFields, formatTable } from './text-layout.js';

const LIMIT_MAX = 1000;
const WITHIN_MAX = 10_000_000;

interface DomainOptions extends CommonOptions {
  readonly name: string;
}

/** `domain …` and `certificate …`: what support does to domains of all accounts. */
export function addDomainCommands(program: Command, context: CommandContext): void {
  const domain = program.command('domain').description("one region's domains, of all accounts");
  paged(domain.command('list').description('all domains'))
    .option('--account <address>', 'only those of this account')
    .option('--blocked', 'only names that are blocked')
    .action(actionOf(context, list));
  onDomain(domain, 'show', 'one domain with its certificate, and what is wrong with it').action(
    actionOf(context, show),
  );
  onDomain(domain, 'verify', 'have the running gateway check its records within seconds').action(
    actionOf(context, verify),
  );
  onDomain(domain, 'release', 'remove the claim and its certificate').action(
    actionOf(context, release),
  );
  onDomain(domain, 'block', 'stop serving the name at once')
    .requiredOption('--reason <text>', 'the owner of the name reads it')
    .action(actionOf(context, block));
  onDomain(domain, 'unblock', 'lift the block').action(actionOf(context, unblock));
  onDomain(domain, 'reissue', 'order a new certificate now').action(actionOf(context, reissue));
  onDomain(
    domain,
    'transfer',
    'give it to another account, with its certificate and the second name of its pair',
  )
    .requiredOption('--to <address>', 'the account that receives it')
    .action(actionOf(context, transfer));

  const certificate = program.command('certificate').description("one region's certificates");
  paged(certificate.command('list').description('certificates and the work on them'))
    .option('--due', 'only those that are worked on now, or within --within')
    .option('--within <seconds>', 'for --due', wholeNumberUpTo(WITHIN_MAX), 0)
    .option('--failing', 'only those without a valid certificate or whose last attempt failed')
    .action(actionOf(context, certificates));
  addHoldCommands(certificate, context);
}

function onDomain(parent: Command, name: string, description: string): Command {
  return withCommonOptions(
    parent
      .command(name)
      .description(description)
      .requiredOption('--name <name>', 'the host name, or the id of a claim'),
  );
}

function paged(command: Command): Command {
  return withCommonOptions(command)
    .option('--limit <rows>', 'how many', wholeNumberUpTo(LIMIT_MAX), 100)
    .option('--cursor <cursor>', 'the cursor of the page before');
}

interface PageOptions extends CommonOptions {
  readonly limit: number;
  readonly cursor?: string;
}

type ListOptions = PageOptions & { readonly account?: string; readonly blocked?: true };

const list: Work<ListOptions> = async ({ domains, region }, options) => {
  const page = await domains.list({
    account: options.account ?? null,
    onlyBlocked: options.blocked === true,
    limit: Math.max(1, options.limit),
    cursor: options.cursor ?? null,
  });
  const rows = page.domains.map((domain) => ({
    name: domain.hostname,
    id: domain.extid,
    ownership: domain.ownership,
    routing: domain.routing,
    blocked: domain.blockedAt === null ? '-' : 'yes',
  }));
  return {
    text: rows.length === 0 ? `No domains in ${region}.` : formatTable(rows) + more(page),
    json: { domains: page.domains.map(presentDomain), next_cursor: page.nextCursor },
  };
};

const show: Work<DomainOptions> = async ({ domains }, { name }) =>
  administeredOutput(await domains.show(name));

const verify: Work<DomainOptions> = async ({ domains }, { name }) =>
  domainOutput(await domains.checkSoon(name), 'A running gateway checks it within seconds.');

const release: Work<DomainOptions> = async ({ domains, region }, { name }) => {
  const { domain, second } = await domains.release(name);
  const { hostname, extid: id } = domain;
  const names = second === null ? hostname : `${hostname} and ${second.hostname}`;
  return {
    text: `Released ${names} in ${region}.`,
    json: { id, hostname, region, released: true, second: presentSecond(second) },
  };
};

const block: Work<DomainOptions & { readonly reason: string }> = async (session, options) =>
  domainOutput(await session.domains.block(options.name, options.reason));

const unblock: Work<DomainOptions> = async ({ domains }, { name }) =>
  domainOutput(await domains.unblock(name));

const reissue: Work<DomainOptions> = async ({ domains }, { name }) =>
  administeredOutput(await domains.reissue(name));

const transfer: Work<DomainOptions & { readonly to: string }> = async ({ domains }, options) => {
  const pair = await domains.transfer(options.name, options.to);
  const { second } = pair;
  const note = second === null ? '' : `\n${second.hostname} went with it.`;
  return { text: domainText(pair.domain) + note, json: presentTransferred(pair) };
};

type CertificateOptions = PageOptions & {
  readonly due?: true;
  readonly failing?: true;
  readonly within: number;
};

const certificates: Work<CertificateOptions> = async ({ certificateReports, region }, options) => {
  const filter: ReportFilter = options.due ? 'due' : options.failing ? 'failing' : 'all';
  const page = await certificateReports.list({
    filter,
    withinSeconds: options.within,
    limit: Math.max(1, options.limit),
    cursor: options.cursor ?? null,
  });
  const rows = page.certificates.map((report) => ({
    name: report.hostname,
    state: report.state,
    ca: report.ca ?? '-',
    ends: report.notAfter?.toISOString() ?? '-',
    next: report.nextAt?.toISOString() ?? '-',
    held: report.heldBy,
    problem: report.problem?.type ?? '-',
  }));
  return {
    text: rows.length === 0 ? `No such certificates in ${region}.` : formatTable(rows) + more(page),
    json: { certificates: page.certificates.map(presentCertificate), next_cursor: page.nextCursor },
  };
};

function more({ nextCursor }: { readonly nextCursor: string | null }): string {
  return nextCursor === null ? '' : `\nMore: --cursor ${nextCursor}`;
}

function domainOutput(domain: Domain, note?: string): Output {
  return {
    text: domainText(domain) + (note === undefined ? '' : `\n${note}`),
    json: presentDomain(domain),
  };
}

function administeredOutput(administered: AdministeredDomain): Output {
  const { domain, certificate, diagnosis } = administered;
  const lines = certificate === null ? [] : [certificateText(certificate)];
  return {
    text: [domainText(domain), ...lines, diagnosisText(diagnosis)].join('\n'),
    json: presentAdministered(administered),
  };
}

function domainText(domain: Domain): string {
  return formatFields({
    name: domain.hostname,
    id: domain.extid,
    account: domain.accountId,
    ownership: domain.ownership,
    routing: domain.routing,
    checked: domain.checkedAt?.toISOString() ?? 'never',
    ...(domain.blockedAt === null
      ? {}
      : { blocked: `${domain.blockedAt.toISOString()}: ${domain.blockReason ?? ''}` }),
  });
}

function certificateText(report: CertificateReport): string {
  return formatFields({
    certificate: ` ${report.state}`,
    ends: report.notAfter?.toISOString() ?? '-',
    next: report.nextAt?.toISOString() ?? '-',
    problem: report.problem?.detail ?? '-',
  });
}
