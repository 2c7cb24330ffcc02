import { panelOf } from './dns-panel.js';

describe(panelOf.name, () => {
  it.each([
    ['ns07.domaincontrol.com', 'GoDaddy', 'relative', false],
    ['amy.ns.cloudflare.com', 'Cloudflare', 'relative', true],
    ['ns-1.awsdns-01.co.uk', 'Amazon Route 53', 'relative', false],
    ['ns1.he.net', 'Hurricane Electric', 'absolute', false],
  ])('knows the panel behind %s', (nameServer, provider, names, hasProxy) => {
    const panel = panelOf([nameServer], 'acme.test');
    expect(panel).toMatchObject({ provider, names, hasProxy });
    expect(new URL(panel?.url ?? '').protocol).toBe('https:');
  });

  it('leads to the zone where the panel has an address for it', () => {
    expect(panelOf(['ns07.domaincontrol.com'], 'acme.test')?.url).toContain('=acme.test');
  });

  it('is null for name servers of nobody we know', () => {
    expect(panelOf(['ns1.acme.test'], 'acme.test')).toBeNull();
    expect(panelOf([], 'acme.test')).toBeNull();
  });
});
