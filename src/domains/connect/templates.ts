import { isIPv6 } from 'node:net';
import type { Region } from '../../config/region.js';
import type { TemplateGroup } from './apply-query.js';

/** One record of a template, in the words of its schema. */
export interface TemplateRecord {
  readonly groupId: TemplateGroup;
  readonly type: 'A' | 'AAAA' | 'CNAME' | 'TXT';
  readonly host: string;
  readonly pointsTo?: string;
  readonly data?: string;
  readonly ttl: number;
  readonly essential?: 'Always' | 'OnApply';
  readonly txtConflictMatchingMode?: 'None' | 'All' | 'Prefix';
}

export interface Template {
  readonly providerId: string;
  readonly providerName: string;
  readonly serviceId: string;
  readonly serviceName: string;
  readonly version: number;
  readonly logoUrl: string;
  readonly description: string;
  readonly variableDescription: string;
  readonly syncBlock: boolean;
  readonly syncPubKeyDomain: string;
  readonly syncRedirectDomain: string;
  readonly hostRequired?: boolean;
  readonly records: readonly TemplateRecord[];
}

/** The same for every template of an operator. */
export interface TemplateSettings {
  readonly baseDomain: string;
  readonly providerId: string;
  readonly publicKeyDomain: string;
  /** For people, at their DNS provider. */
  readonly name: string;
  readonly version: number;
  /** The hosts to which a provider may send the browser back. */
  readonly hosts: readonly string[];
}

export interface TemplateRegion {
  readonly region: Region;
  readonly ingressAddresses: readonly string[];
  /** The region answers for `acme.REGION.BASE`, so a delegation of the challenge works. */
  readonly isDelegable: boolean;
}

const TTL = 300;

/**
 * Which template a claim needs. One without the `certify` group is another template to a DNS provider, so it has another
 * name: a provider that knows the one only does not write half of the other.
 */
export function serviceIdOf(
  { region, isDelegable }: Pick<TemplateRegion, 'region' | 'isDelegable'>,
  isApex: boolean,
): string {
  const name = isApex ? `custom-domain-apex-${region}` : 'custom-domain';
  return isDelegable ? name : `${name}-basic`;
}

/** That makes the records of an apex and of its `www` too. */
export function pairServiceIdOf({
  region,
  isDelegable,
}: Pick<TemplateRegion, 'region' | 'isDelegable'>): string {
  const name = `custom-domain-apex-www-${region}`;
  return isDelegable ? name : `${name}-basic`;
}

/** For a name below the zone's apex, in any region. */
export function subdomainTemplate(settings: TemplateSettings, isDelegable: boolean): Template {
  const { baseDomain } = settings;
  return {
    ...common(settings),
    serviceId: serviceIdOf({ region: '' as Region, isDelegable }, false),
    serviceName: 'Custom domain for one-time secrets',
    description: 'Leads a name below the top of the zone to a region, and proves who uses it.',
    hostRequired: true,
    records: [
      {
        groupId: 'route',
        type: 'CNAME',
        host: '@',
        pointsTo: `%target%.%region%.ingress.${baseDomain}`,
        ttl: TTL,
      },
      ...(isDelegable ? [delegation(`%target%.acme.%region%.${baseDomain}`)] : []),
      // The CNAME record proves the name too, so this one may go later.
      proof('OnApply'),
    ],
  };
}

/** For the apex of a zone: the addresses stand in the template, so that no link can lead an apex elsewhere. */
export function apexTemplate(settings: TemplateSettings, own: TemplateRegion): Template {
  const { region, ingressAddresses, isDelegable } = own;
  return {
    ...common(settings),
    serviceId: serviceIdOf(own, true),
    serviceName: `Custom domain for one-time secrets (${region.toUpperCase()})`,
    description: 'Leads the top of a zone to a region, and proves who uses it.',
    records: [
      proof('Always'),
      ...(isDelegable ? [delegation(`%target%.acme.${region}.${settings.baseDomain}`)] : []),
      ...ingressAddresses.map((address) => ({
        groupId: 'route' as const,
        type: isIPv6(address) ? ('AAAA' as const) : ('A' as const),
        host: '@',
        pointsTo: address,
        ttl: TTL,
      })),
    ],
  };
}

/**
 * For an apex and its `www`. A template of its own and no group of the apex's: a provider that ignores groups would write
 * a record with an empty variable.
 */
export function pairTemplate(settings: TemplateSettings, own: TemplateRegion): Template {
  const { region } = own;
  const apex = apexTemplate(settings, own);
  return {
    ...apex,
    serviceId: pairServiceIdOf(own),
    serviceName: `Custom domain and its www for one-time secrets (${region.toUpperCase()})`,
    description: 'Leads the top of a zone and its www to a region, and proves who uses them.',
    variableDescription: `${apex.variableDescription}; wwwtarget: 16 base36 characters, of the claim to www`,
    records: [
      ...apex.records,
      {
        groupId: 'route',
        type: 'CNAME',
        host: 'www',
        pointsTo: `%wwwtarget%.${region}.ingress.${settings.baseDomain}`,
        ttl: TTL,
      },
    ],
  };
}

/** All that an operator brings to the DNS providers. */
export function templatesOf(
  settings: TemplateSettings,
  regions: readonly TemplateRegion[],
): Template[] {
  const kinds = [...new Set(regions.map(({ isDelegable }) => isDelegable))];
  return [
    ...kinds.map((isDelegable) => subdomainTemplate(settings, isDelegable)),
    ...regions.flatMap((own) => [apexTemplate(settings, own), pairTemplate(settings, own)]),
  ];
}

/** As the public repository of templates names its files. */
export function templateFileName({ providerId, serviceId }: Template): string {
  return `${providerId}.${serviceId}.json`.toLowerCase();
}

function common(settings: TemplateSettings) {
  const [host = settings.baseDomain] = settings.hosts;
  return {
    providerId: settings.providerId,
    providerName: settings.name,
    version: settings.version,
    logoUrl: `https://${host}/apple-touch-icon.png`,
    variableDescription:
      'region: the name of the region; target: 16 base36 characters; challenge: 7; proof: 32 hexadecimal digits; all of one claim',
    syncBlock: false,
    syncPubKeyDomain: settings.publicKeyDomain,
    syncRedirectDomain: settings.hosts.join(','),
  };
}

function proof(essential: 'Always' | 'OnApply'): TemplateRecord {
  return {
    groupId: 'prove',
    type: 'TXT',
    host: '_onetime-challenge-%challenge%',
    data: '%proof%',
    ttl: TTL,
    essential,
    txtConflictMatchingMode: 'All',
  };
}

function delegation(pointsTo: string): TemplateRecord {
  return { groupId: 'certify', type: 'CNAME', host: '_acme-challenge', pointsTo, ttl: TTL };
}
