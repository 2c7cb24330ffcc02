import { panelOf } from './dns-panel.js';

describe(panelOf.name, () => {
  it.each([
    ['ns-1.awsdns-01.co.uk', 'Amazon Route 53'],
    ['ns1-01.azure-dns.com', 'Azure DNS'],
    ['amy.ns.cloudflare.com', 'Cloudflare'],
    ['ns1.digitalocean.com', 'DigitalOcean'],
    ['ns1.dnsimple.com', 'DNSimple'],
    ['ns-12-a.gandi.net', 'Gandi'],
    ['ns07.domaincontrol.com', 'GoDaddy'],
    ['ns-cloud-a1.googledomains.com', 'Google Cloud DNS'],
    ['hydrogen.ns.hetzner.com', 'Hetzner'],
    ['ns1.dns-parking.com', 'Hostinger'],
    ['ns1.he.net', 'Hurricane Electric'],
    ['nsany1.infomaniak.com', 'Infomaniak'],
    ['ns.inwx.de', 'INWX'],
    ['ns1050.ui-dns.org', 'IONOS'],
    ['ns1.linode.com', 'Linode'],
    ['ns1abc.name.com', 'Name.com'],
    ['dns1.registrar-servers.com', 'Namecheap'],
    ['ns1.dnsowl.com', 'NameSilo'],
    ['root-dns.netcup.net', 'netcup'],
    ['dns10.ovh.net', 'OVHcloud'],
    ['curitiba.ns.porkbun.com', 'Porkbun'],
    ['ns01.squarespacedns.com', 'Squarespace'],
    ['ns0.transip.net', 'TransIP'],
    ['ns1.vercel-dns.com', 'Vercel'],
    ['ns8.wixdns.net', 'Wix'],
    ['ns1.wordpress.com', 'WordPress.com'],
  ])('knows the panel behind %s', (nameServer, provider) => {
    const panel = panelOf([nameServer], 'acme.test');
    expect(panel).toMatchObject({
      provider,
      names: provider === 'Hurricane Electric' ? 'absolute' : 'relative',
      hasProxy: provider === 'Cloudflare',
    });
    const url = new URL(panel?.url ?? '');
    expect([url.protocol, url.username, url.port]).toEqual(['https:', '', '']);
    expect(panel?.url).not.toContain('%zone');
    // As some tools show name servers.
    expect(panelOf([`${nameServer.toUpperCase()}.`], 'acme.test')).toEqual(panel);
  });

  it.each([
    'ns1.evildomaincontrol.com',
    'ns07.domaincontrol.com.evil.test',
    'ns07-domaincontrol.com',
    'amy.cloudflare.com',
    'ns.cloudflare.com.acme.test',
    'ns-1.awsdns-01.com.evil.test',
    'x.ns-1.awsdns-01.com',
    'ns-1.awsdns-01.io',
    'notname.com',
    'dnsname.com',
    '.',
    '',
  ])('knows no panel behind %j', (nameServer) => {
    expect(panelOf([nameServer], 'acme.test')).toBeNull();
  });

  it('leads to the zone where the panel has an address for it', () => {
    expect(panelOf(['ns07.domaincontrol.com'], 'acme.test')?.url).toContain('=acme.test');
  });

  it('is null for name servers of nobody we know', () => {
    expect(panelOf(['ns1.acme.test'], 'acme.test')).toBeNull();
    expect(panelOf([], 'acme.test')).toBeNull();
  });
});
