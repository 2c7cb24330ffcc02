import { isAtOrUnder, normalisedName } from '../../dns/dns-name.js';

/** Parent names of the name servers of DNS providers. A missing one only makes a text less exact. */
const PROVIDERS: readonly (readonly [name: string, ...suffixes: string[]])[] = [
  ['Cloudflare', 'ns.cloudflare.com'],
  ['GoDaddy', 'domaincontrol.com'],
  ['Namecheap', 'registrar-servers.com', 'web-hosting.com'],
  ['Squarespace', 'squarespacedns.com'],
  ['Google Cloud DNS', 'googledomains.com'],
  ['Azure DNS', 'azure-dns.com', 'azure-dns.net', 'azure-dns.org', 'azure-dns.info'],
  ['DigitalOcean', 'digitalocean.com'],
  ['Vercel', 'vercel-dns.com'],
  ['Netlify or NS1', 'nsone.net'],
  ['Wix', 'wixdns.net'],
  ['WordPress.com', 'wordpress.com'],
  ['Hostinger', 'dns-parking.com'],
  ['Hetzner', 'hetzner.com', 'hetzner.de', 'first-ns.de', 'second-ns.de', 'second-ns.com'],
  ['OVHcloud', 'ovh.net', 'anycast.me'],
  ['Gandi', 'gandi.net'],
  ['IONOS', 'ui-dns.com', 'ui-dns.de', 'ui-dns.org', 'ui-dns.biz'],
  ['STRATO', 'rzone.de'],
  ['netcup', 'root-dns.netcup.net', 'second-dns.netcup.net', 'third-dns.netcup.net'],
  ['INWX', 'inwx.de', 'inwx.eu', 'inwx.net'],
  ['Infomaniak', 'infomaniak.ch', 'infomaniak.com'],
  ['TransIP', 'transip.net', 'transip.nl', 'transip.eu'],
  ['Porkbun', 'porkbun.com'],
  ['Name.com', 'name.com'],
  ['NameSilo', 'dnsowl.com'],
  ['DNSimple', 'dnsimple.com', 'dnsimple-edge.net', 'dnsimple-edge.org'],
  ['deSEC', 'desec.io', 'desec.org'],
  ['Hurricane Electric', 'he.net'],
  ['Akamai', 'akam.net'],
  ['Linode', 'linode.com'],
];

/** Amazon spreads the name servers of a zone over four top-level domains. */
const ROUTE_53 = /^ns-\d+\.awsdns-\d+\.(?:com|net|org|co\.uk)$/;

/** Who runs the name servers; null if we do not know. */
export function providerOf(nameServers: readonly string[]): string | null {
  const names = nameServers.map(normalisedName);
  if (names.some((name) => ROUTE_53.test(name))) return 'Amazon Route 53';
  const found = PROVIDERS.find(([, ...suffixes]) =>
    names.some((name) => suffixes.some((suffix) => isAtOrUnder(name, suffix))),
  );
  return found?.[0] ?? null;
}
