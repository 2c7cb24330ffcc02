import type { Region } from '../../config/region.js';
import { templateFileName, templatesOf, type Template } from './templates.js';

const SETTINGS = {
  baseDomain: 'onetime.example',
  providerId: 'onetime.example',
  publicKeyDomain: 'onetime.example',
  name: 'Onetime',
  version: 3,
  hosts: ['eu.onetime.example', 'us.onetime.example'],
};
const region = (name: string, isDelegable: boolean) => ({
  region: name as Region,
  ingressAddresses: ['192.0.2.10', '2001:db8::10'],
  isDelegable,
});
const byService = (templates: readonly Template[]) =>
  new Map(templates.map((template) => [template.serviceId, template]));

describe(templatesOf.name, () => {
  it('gives one template for names below the apex, and two of each region for the apex', () => {
    const templates = templatesOf(SETTINGS, [region('eu', true), region('us', true)]);
    expect(templates.map(templateFileName)).toEqual([
      'onetime.example.custom-domain.json',
      'onetime.example.custom-domain-apex-eu.json',
      'onetime.example.custom-domain-apex-www-eu.json',
      'onetime.example.custom-domain-apex-us.json',
      'onetime.example.custom-domain-apex-www-us.json',
    ]);
    const below = byService(templates).get('custom-domain');
    expect(below).toMatchObject({
      version: 3,
      syncBlock: false,
      hostRequired: true,
      syncRedirectDomain: 'eu.onetime.example,us.onetime.example',
    });
    expect(below?.records).toEqual([
      {
        groupId: 'route',
        type: 'CNAME',
        host: '@',
        pointsTo: '%target%.%region%.ingress.onetime.example',
        ttl: 300,
      },
      {
        groupId: 'certify',
        type: 'CNAME',
        host: '_acme-challenge',
        pointsTo: '%target%.acme.%region%.onetime.example',
        ttl: 300,
      },
      {
        groupId: 'prove',
        type: 'TXT',
        host: '_onetime-challenge-%challenge%',
        data: '%proof%',
        ttl: 300,
        essential: 'OnApply',
        txtConflictMatchingMode: 'All',
      },
    ]);
  });

  it('has the addresses of an apex in the template, and no CNAME record there', () => {
    const [, apex] = templatesOf(SETTINGS, [region('eu', false)]);
    expect(apex?.serviceId).toBe('custom-domain-apex-eu-basic');
    expect(apex?.hostRequired).toBeUndefined();
    expect(
      apex?.records.map(({ type, host, pointsTo, data }) => [type, host, pointsTo ?? data]),
    ).toEqual([
      ['TXT', '_onetime-challenge-%challenge%', '%proof%'],
      ['A', '@', '192.0.2.10'],
      ['AAAA', '@', '2001:db8::10'],
    ]);
  });

  it('has one record more for an apex and its www, with a variable of its own', () => {
    const [, apex, pair] = templatesOf(SETTINGS, [region('eu', true)]);
    expect(pair?.records).toEqual([
      ...(apex?.records ?? []),
      {
        groupId: 'route',
        type: 'CNAME',
        host: 'www',
        pointsTo: '%wwwtarget%.eu.ingress.onetime.example',
        ttl: 300,
      },
    ]);
    expect(pair?.variableDescription).toContain('wwwtarget');
  });

  it('keeps apart what is applied with a delegation and what is not', () => {
    const services = byService(templatesOf(SETTINGS, [region('eu', true), region('us', false)]));
    expect([...services.keys()]).toEqual([
      'custom-domain',
      'custom-domain-basic',
      'custom-domain-apex-eu',
      'custom-domain-apex-www-eu',
      'custom-domain-apex-us-basic',
      'custom-domain-apex-www-us-basic',
    ]);
    for (const { records } of services.values()) {
      // All records of a template have a group, or none has.
      expect(records.every(({ groupId }) => groupId.length > 0)).toBe(true);
      // What stands first is not named by a variable alone.
      expect(records[0]?.host).not.toMatch(/^%/);
    }
  });
});
