import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { readConfig, type Config } from '../config/config.js';
import { readKey } from '../config/domain-connect-config.js';
import { DnsResolver } from '../dns/dns-resolver.js';
import { keyNameOf } from '../domains/connect/key-publication.js';
import { publicKeyRecords } from '../domains/connect/public-key-records.js';
import { templateRegionOf } from '../domains/connect/setup-discoverer.js';
import { templateFileName, templatesOf, type Template } from '../domains/connect/templates.js';
import { parseDomainName } from '../domains/domain-name.js';
import { AppError } from '../shared/app-error.js';
import { CommandFailed, wholeNumberUpTo, type CommandContext } from './command-context.js';
import { checkProvider, connectNamesOf } from './domain-connect-check.js';
import { formatFields, formatTable } from './text-layout.js';

const KEY_FILE = 'GATEWAY_DOMAIN_CONNECT_KEY_FILE';
const KEY_BITS = 2048;
const VERSION_MAX = 1_000_000;
/** DNS providers read one character-string of a record. */
const TTL = 3600;

/** `domain-connect …`: what an operator brings to DNS providers, and whether one is ready. */
export function addDomainConnectCommands(program: Command, context: CommandContext): void {
  const group = program
    .command('domain-connect')
    .description("records that customers' DNS providers make");
  group
    .command('key')
    .description('make the key file, unless it exists, and print its TXT records')
    .option('--file <path>', `the file; by default ${KEY_FILE}`)
    .option('--json', 'print JSON on one line')
    .action((options: KeyOptions) => printKey(context, options));
  group
    .command('templates')
    .description('print the templates for DNS providers, or write them as files')
    .option('--out <folder>', 'write one file for each template')
    .option('--name <name>', 'of the service, as customers read it; by default the base domain')
    .option('--version-number <number>', 'of the templates', versionNumber, 1)
    .action((options: TemplateOptions) => printTemplates(context, options));
  group
    .command('check')
    .description("find out whether a name's DNS provider can make its records, and what is missing")
    .argument('<name>', 'a host name')
    .option('--region <region>', 'the region; optional if only one is served')
    .option('--json', 'print JSON on one line')
    .action((name: string, options: CheckOptions) => check(context, name, options));
}

interface KeyOptions {
  readonly file?: string;
  readonly json?: true;
}

function printKey(context: CommandContext, { file, json }: KeyOptions): void {
  const { environment } = context;
  const path = file ?? environment[KEY_FILE];
  if (path === undefined || path === '')
    throw new AppError('invalid_request', `Name the file by --file or ${KEY_FILE}.`);
  const isNew = !existsSync(path);
  // A configuration that names the file is refused while there is none.
  const names = connectNamesOf({ ...environment, [KEY_FILE]: undefined });
  if (isNew) makeKey(resolve(path));
  const key = readKey(path);
  if (typeof key === 'string') throw new AppError('invalid_request', `${path}: ${key}`);
  const name = keyNameOf(names);
  const values = publicKeyRecords(createPublicKey(key));
  if (json === true) {
    context.print(JSON.stringify({ file: path, created: isNew, name, type: 'TXT', values }));
    return;
  }
  context.print(
    [
      `${isNew ? 'Made' : 'Read'} ${path}. Publish these TXT records, each as one string:`,
      ...values.map((value) => `${name}. ${TTL} IN TXT "${value}"`),
    ].join('\n'),
  );
}

/** Never overwrites: another key would end every link that was signed with the first one. */
function makeKey(path: string): void {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: KEY_BITS });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, pem, { mode: 0o600, flag: 'wx' });
}

interface TemplateOptions {
  readonly out?: string;
  readonly name?: string;
  readonly versionNumber: number;
}

function printTemplates(context: CommandContext, options: TemplateOptions): void {
  const templates = templatesIn(context.environment, options);
  const { out } = options;
  if (out === undefined) {
    for (const template of templates) context.print(JSON.stringify(template, null, 2));
    return;
  }
  mkdirSync(out, { recursive: true });
  for (const template of templates) {
    const path = join(out, templateFileName(template));
    writeFileSync(path, `${JSON.stringify(template, null, 2)}\n`);
    context.print(path);
  }
}

function templatesIn(
  environment: CommandContext['environment'],
  { name, versionNumber: version }: TemplateOptions,
): Template[] {
  const config = readConfig({ ...environment, ...withoutKey(environment) });
  const { baseDomain, fleet } = config;
  const names = connectNamesOf(environment);
  const settings = {
    baseDomain,
    providerId: names.providerId,
    publicKeyDomain: names.publicKeyDomain,
    name: name ?? baseDomain,
    version,
    hosts: fleet.map((region) => `${region}.${baseDomain}`),
  };
  return templatesOf(settings, config.served.map(templateRegionOf));
}

/** The other variables of Domain Connect are refused without the key, which templates do not need. */
function withoutKey(environment: CommandContext['environment']): Record<string, undefined> {
  const own = Object.keys(environment).filter((each) => each.startsWith('GATEWAY_DOMAIN_CONNECT_'));
  return Object.fromEntries(own.map((each) => [each, undefined]));
}

function versionNumber(text: string): number {
  const value = wholeNumberUpTo(VERSION_MAX)(text);
  if (value > 0) return value;
  throw new InvalidArgumentError('Expected a number of at least 1.');
}

interface CheckOptions {
  readonly region?: string;
  readonly json?: true;
}

async function check(
  context: CommandContext,
  text: string,
  { region, json }: CheckOptions,
): Promise<void> {
  const config = readConfig(context.environment);
  const name = nameIn(text, config);
  const resolver = new DnsResolver({ servers: config.dnsServers });
  const found = await checkProvider(config, resolver, { name, region });
  if (json === true) context.print(JSON.stringify(found));
  else {
    const { missing, ...fields } = found;
    context.print(formatFields(fields));
    context.print(
      missing.length === 0
        ? 'Nothing is missing.'
        : formatTable(missing.map((what) => ({ missing: what }))),
    );
  }
  if (found.missing.length > 0) throw new CommandFailed();
}

function nameIn(text: string, { baseDomain, allowsReservedTlds }: Config) {
  const parsed = parseDomainName(text, { baseDomain, allowsReservedTlds });
  if (parsed.ok) return parsed.name;
  throw new AppError('invalid_request', parsed.refusal.message);
}
