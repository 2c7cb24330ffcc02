import { providerOf } from './dns-provider.js';

/** Where the records of a zone are made by hand, and what is particular there. */
export interface DnsPanel {
  readonly provider: string;
  readonly url: string;
  /** What its name field takes: the part before the zone, or the name in full. */
  readonly names: 'relative' | 'absolute';
  /** It can put a proxy in front of a record, by a switch beside it. */
  readonly hasProxy: boolean;
}

type Entry = readonly [url: string, names?: DnsPanel['names'], hasProxy?: boolean];

/** By the name that providerOf() gives. `%zone%` is the zone. */
const PANELS: Readonly<Record<string, Entry>> = {
  'Amazon Route 53': ['https://console.aws.amazon.com/route53/v2/hostedzones'],
  'Azure DNS': ['https://portal.azure.com/#browse/Microsoft.Network%2FdnsZones'],
  Cloudflare: ['https://dash.cloudflare.com/?to=/:account/:zone/dns/records', 'relative', true],
  DigitalOcean: ['https://cloud.digitalocean.com/networking/domains/%zone%'],
  DNSimple: ['https://dnsimple.com/dashboard'],
  Gandi: ['https://admin.gandi.net/domain/'],
  GoDaddy: ['https://dcc.godaddy.com/control/dnsmanagement?domainName=%zone%'],
  'Google Cloud DNS': ['https://console.cloud.google.com/net-services/dns/zones'],
  Hetzner: ['https://dns.hetzner.com/'],
  Hostinger: ['https://hpanel.hostinger.com/domain/%zone%/dns'],
  'Hurricane Electric': ['https://dns.he.net/', 'absolute'],
  Infomaniak: ['https://manager.infomaniak.com/'],
  INWX: ['https://www.inwx.com/en/nameserver2'],
  IONOS: ['https://my.ionos.com/domains'],
  Linode: ['https://cloud.linode.com/domains'],
  'Name.com': ['https://www.name.com/account/domain/details/%zone%#dns'],
  Namecheap: ['https://ap.www.namecheap.com/domains/domaincontrolpanel/%zone%/advancedns'],
  NameSilo: ['https://www.namesilo.com/account_domains.php'],
  netcup: ['https://www.customercontrolpanel.de/'],
  OVHcloud: ['https://www.ovh.com/manager/#/web/domain/%zone%/zone'],
  Porkbun: ['https://porkbun.com/account/domainsSpeedy'],
  Squarespace: ['https://account.squarespace.com/domains/managed/%zone%/dns/dns-settings'],
  TransIP: ['https://www.transip.eu/cp/'],
  Vercel: ['https://vercel.com/dashboard/domains'],
  Wix: ['https://manage.wix.com/account/domains'],
  'WordPress.com': ['https://wordpress.com/domains/manage'],
};

/** Null: the name servers do not tell whose the zone is, or its panel is not known. */
export function panelOf(nameServers: readonly string[], zone: string): DnsPanel | null {
  const provider = providerOf(nameServers);
  const entry = provider === null ? undefined : PANELS[provider];
  if (provider === null || entry === undefined) return null;
  const [url, names = 'relative', hasProxy = false] = entry;
  return { provider, url: url.replaceAll('%zone%', encodeURIComponent(zone)), names, hasProxy };
}
