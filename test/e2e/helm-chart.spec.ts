import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { readConfig } from '../../src/config/config.js';
import { environmentSchema } from '../../src/config/config.schema.js';
import { NetworkList } from '../../src/shared/network.js';
import { CHART, helm, rendered, schemaFault, typeFaults, withoutHelm } from '../support/helm.js';
import type { Manifest } from '../support/helm.js';
import { describeUnless } from '../support/requires.js';

const REQUIRED = {
  baseDomain: 'onetime.example',
  region: 'eu',
  rootKey: { secretName: 'root' },
  database: { secretName: 'database' },
  acme: { directory: 'https://ca.example/directory' },
  ingressIps: ['192.0.2.10', '2001:db8::10'],
};

const EVERYTHING = {
  ...REQUIRED,
  regions: ['us', 'eu'],
  image: { repository: 'registry.example/onetime-gateway', tag: '1.2.3' },
  imagePullSecrets: [{ name: 'registry' }],
  database: {},
  postgresql: {
    enabled: true,
    storage: { size: '100Gi', storageClass: 'fast' },
    resources: { requests: { cpu: '2', memory: '4Gi' } },
  },
  acme: { ...REQUIRED.acme, email: 'ops@onetime.example', externalAccountSecretName: 'eab' },
  nameserver: {
    names: ['ns1.eu.onetime.example', 'ns2.elsewhere.net'],
    service: {
      annotations: { 'example.com/balancer': 'udp' },
      loadBalancerClass: 'example.com/l4',
    },
  },
  smtp: { secretName: 'smtp', from: 'Onetime <noreply@onetime.example>' },
  proxyProtocolFrom: ['10.0.0.0/8'],
  service: {
    annotations: { 'example.com/balancer': 'l4' },
    loadBalancerClass: 'example.com/l4',
    loadBalancerSourceRanges: ['0.0.0.0/0'],
  },
  env: { GATEWAY_DNS_SERVERS: '192.0.2.53', GATEWAY_LOG_LEVEL: 'warn' },
  extraEnv: [{ name: 'GATEWAY_UPGRADE_URL', value: 'https://onetime.example/plans' }],
  autoscaling: { enabled: true },
  nodeSelector: { 'kubernetes.io/arch': 'amd64' },
  tolerations: [{ key: 'edge', operator: 'Exists' }],
  affinity: { podAntiAffinity: {} },
  networkPolicy: { extraEgress: [{ ports: [{ port: 2525, protocol: 'TCP' }] }] },
};

interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly secretKeyRef: { readonly name: string; readonly key: string } };
}

interface Container {
  readonly image: string;
  readonly env: readonly Variable[];
  readonly command?: readonly string[];
  readonly startupProbe?: Probe;
  readonly readinessProbe?: Probe;
}

interface Egress {
  readonly ports: readonly { readonly port: number; readonly endPort?: number }[];
  readonly to?: readonly {
    readonly ipBlock: { readonly cidr: string; readonly except: readonly string[] };
  }[];
}

interface Probe {
  readonly httpGet: { readonly path: string };
}

function containerOf(manifests: readonly Manifest[], kind: string): Container {
  const spec = manifests.find((each) => each.kind === kind)?.spec as
    | { readonly template: { readonly spec: { readonly containers: readonly Container[] } } }
    | undefined;
  const container = spec?.template.spec.containers[0];
  if (container === undefined) throw new Error(`${kind} has no container`);
  return container;
}

/** What a release has for its name server: the ports of its Service, container and policy, and the variables. */
function nameserverOf(manifests: readonly Manifest[]) {
  interface Port {
    readonly name?: string;
    readonly port?: string | number;
    readonly containerPort?: number;
  }
  const isDns = ({ name, port }: Port): boolean => String(name ?? port).startsWith('dns');
  const service = manifests.find(({ metadata }) => metadata.name.endsWith('-dns'));
  const policy = manifests.find(({ kind }) => kind === 'NetworkPolicy')?.spec['ingress'];
  const container = containerOf(manifests, 'Deployment') as Container & {
    readonly ports: readonly Port[];
  };
  const variables = container.env.filter(({ name }) => name.includes('NAMESERVER'));
  return {
    families: service?.spec['ipFamilyPolicy'],
    service: (service?.spec['ports'] ?? []) as readonly Port[],
    container: container.ports.filter(isDns),
    policy: (policy as readonly { readonly ports: readonly Port[] }[])
      .flatMap(({ ports }) => ports)
      .filter(isDns),
    variables: Object.fromEntries(variables.map(({ name, value }) => [name, value])),
  };
}

/** What the Secrets of the release would have. */
const SECRETS: Readonly<Record<string, string>> = {
  'root root-key': randomBytes(32).toString('base64'),
  'database url': 'postgres://gateway:word@database.example:5432/gateway_eu',
  // As CloudNativePG writes it.
  'eu-postgresql-app uri': 'postgresql://gateway:word@eu-postgresql-rw.ns:5432/gateway_eu',
  'eab kid': 'kid',
  'eab hmac': randomBytes(32).toString('base64url'),
  'smtp url': 'smtps://user:word@smtp.example:465',
};

function environmentOf({ env }: Container): Record<string, string> {
  const variables: Record<string, string> = {
    // Those of the image.
    GATEWAY_BIND: '::',
    GATEWAY_DATA_DIR: '/data',
    // For a base domain that belongs to nobody.
    GATEWAY_ALLOW_RESERVED_TLDS: 'true',
  };
  for (const { name, value, valueFrom } of env) {
    const { name: secret, key } = valueFrom?.secretKeyRef ?? { name: '', key: '' };
    const found = value ?? SECRETS[`${secret} ${key}`];
    if (found === undefined) throw new Error(`${name}: no Secret ${secret} ${key}`);
    variables[name] = found;
  }
  return variables;
}

describe('the chart', () => {
  it('has the version of the program as its appVersion', () => {
    const { appVersion } = parse(readFileSync(`${CHART}/Chart.yaml`, 'utf8')) as {
      readonly appVersion: string;
    };
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(appVersion).toBe(version);
  });
});

describe('the schema of the chart’s values', () => {
  const { properties } = JSON.parse(readFileSync(`${CHART}/values.schema.json`, 'utf8')) as {
    readonly properties: {
      readonly region: { readonly pattern: string };
      readonly regions: { readonly items: { readonly pattern: string } };
    };
  };

  it.each(['eu', 'eu1', 'e', 'EU', '1eu', 'e-u', 'a'.repeat(16), 'a'.repeat(17)])(
    'takes the region %s if the gateway does',
    (name) => {
      const { success } = environmentSchema.shape.GATEWAY_DEFAULT_REGION.safeParse(name);
      for (const { pattern } of [properties.region, properties.regions.items])
        expect(new RegExp(pattern).test(name)).toBe(success);
    },
  );
});

describeUnless(withoutHelm(), 'the chart, rendered by Helm', () => {
  const cases = [
    ['with what is required', REQUIRED],
    ['with everything', EVERYTHING],
  ] as const;
  const manifests = new Map(cases.map(([name, values]) => [name, rendered(values)]));
  const of = (name: (typeof cases)[number][0]): Manifest[] => manifests.get(name) ?? [];

  it.each(cases)('%s is accepted by helm lint', (_, values) => {
    expect(helm(values, 'lint', '--strict', CHART)).toMatchObject({ status: 0 });
  });

  it.each(cases)('%s is valid by the published schemas', (name) => {
    expect(
      of(name)
        .map(schemaFault)
        .filter((fault) => fault !== null),
    ).toEqual([]);
  });

  it('has no field that the published schemas do not know', () => {
    const [first] = of('with everything');
    const wrong = { ...first, metadata: { ...first?.metadata, lables: {} } } as unknown as Manifest;
    expect(typeFaults([wrong]).join()).toContain('lables');
    expect(typeFaults([...manifests.values()].flat())).toEqual([]);
  });

  it('has what a region needs', () => {
    const kinds = (name: (typeof cases)[number][0]) =>
      of(name)
        .map(({ kind }) => kind)
        .toSorted();
    expect(kinds('with what is required')).toEqual([
      'Deployment',
      'Job',
      'NetworkPolicy',
      'PodDisruptionBudget',
      'Service',
    ]);
    expect(kinds('with everything')).toEqual([
      'Cluster',
      'Deployment',
      'HorizontalPodAutoscaler',
      'Job',
      'NetworkPolicy',
      'PodDisruptionBudget',
      'Service',
      'Service',
    ]);
  });

  it('opens port 53 for a name server alone, by UDP and TCP, as far as the container', () => {
    const [none, all] = cases.map(([name]) => nameserverOf(of(name)));
    expect(none).toEqual({
      families: undefined,
      service: [],
      container: [],
      policy: [],
      variables: {},
    });
    expect(all?.service).toEqual([
      { name: 'dns', port: 53, protocol: 'UDP', targetPort: 'dns' },
      { name: 'dns-tcp', port: 53, protocol: 'TCP', targetPort: 'dns-tcp' },
    ]);
    expect(all?.container).toEqual([
      { name: 'dns', containerPort: 5353, protocol: 'UDP' },
      { name: 'dns-tcp', containerPort: 5353 },
    ]);
    expect(all?.policy).toEqual([
      { port: 'dns', protocol: 'UDP' },
      { port: 'dns-tcp', protocol: 'TCP' },
    ]);
    const config = readConfig(environmentOf(containerOf(of('with everything'), 'Deployment')));
    expect(config.nameserver).toMatchObject({ addresses: ['::'], port: 5353 });
    expect(config.served[0]?.nameServers).toEqual(['ns1.eu.onetime.example', 'ns2.elsewhere.net']);
  });

  it.each<[Readonly<Record<string, string>>, string, object]>([
    [{}, 'PreferDualStack', { families: 'PreferDualStack', addresses: ['::'], port: 5353 }],
    [
      { GATEWAY_NAMESERVER_BIND: '0.0.0.0', GATEWAY_NAMESERVER_PORT: '5300' },
      'PreferDualStack',
      { families: 'SingleStack', addresses: ['0.0.0.0'], port: 5300 },
    ],
    [
      { GATEWAY_BIND: '0.0.0.0' },
      'SingleStack',
      { families: 'SingleStack', addresses: ['0.0.0.0'], port: 5353 },
    ],
    [
      { GATEWAY_BIND: '0.0.0.0', GATEWAY_NAMESERVER_BIND: '0.0.0.0,::' },
      'SingleStack',
      { families: 'PreferDualStack', addresses: ['0.0.0.0', '::'], port: 5353 },
    ],
  ])('leads by the families on which the gateway listens with %j', (env, families, dns) => {
    const release = rendered({ ...EVERYTHING, env });
    const service = release.find(
      ({ kind, metadata: { name } }) => `${kind} ${name}` === 'Service eu',
    );
    expect(service?.spec['ipFamilyPolicy']).toBe(families);
    const { nameserver } = readConfig(environmentOf(containerOf(release, 'Deployment')));
    const { families: dnsFamilies, container } = nameserverOf(release);
    const [port] = new Set(container.map(({ containerPort }) => containerPort));
    expect(nameserver?.port).toBe(port);
    expect({ families: dnsFamilies, addresses: nameserver?.addresses, port }).toEqual(dns);
  });

  it.each(cases)('%s is a configuration that the gateway accepts, in every container', (name) => {
    for (const kind of ['Deployment', 'Job']) {
      const variables = environmentOf(containerOf(of(name), kind));
      const config = readConfig(variables);
      expect(config.served.map(({ region }) => region)).toEqual(['eu']);
      expect(config.publicHttpsPort).toBe(443);
      expect(config.cas).toHaveLength(1);
    }
  });

  it('migrates with the new image before the new pods start, where there is a database', () => {
    const hook = (name: (typeof cases)[number][0]): string | undefined =>
      of(name).find(({ kind }) => kind === 'Job')?.metadata.annotations?.['helm.sh/hook'];
    expect(hook('with what is required')).toBe('pre-install,pre-upgrade');
    expect(hook('with everything')).toBe('pre-upgrade');
    const job = containerOf(of('with everything'), 'Job');
    expect(job.command).toEqual(['gateway', 'migrate']);
    expect(job.image).toBe(containerOf(of('with everything'), 'Deployment').image);
  });

  it('begins with a pod once its region serves, and keeps it when the database goes away', () => {
    const { startupProbe, readinessProbe } = containerOf(of('with what is required'), 'Deployment');
    expect(startupProbe?.httpGet.path).toBe('/readyz');
    expect(readinessProbe?.httpGet.path).toBe('/livez');
  });

  it('lets webhooks out to every port that they may name, to public addresses only', () => {
    const policy = of('with what is required').find(({ kind }) => kind === 'NetworkPolicy');
    const rules = policy?.spec['egress'] as readonly Egress[];
    const high = rules.find(({ ports }) => ports.some(({ endPort }) => endPort !== undefined));
    expect(high?.ports).toEqual([{ port: 1024, endPort: 65_535, protocol: 'TCP' }]);
    const allows = (address: string): boolean =>
      (high?.to ?? []).some(
        ({ ipBlock: { cidr, except } }) =>
          new NetworkList([cidr]).contains(address) && !new NetworkList(except).contains(address),
      );
    expect(['192.0.2.1', '8.8.8.8', '2001:db8::1'].filter((each) => !allows(each))).toEqual([]);
    expect(
      [
        '10.96.0.1',
        '172.20.0.1',
        '192.168.1.1',
        '100.64.0.1',
        '169.254.169.254',
        '127.0.0.1',
        'fd00::1',
        'fe80::1',
      ].filter(allows),
    ).toEqual([]);
    const open = rules.filter(({ to }) => to === undefined).flatMap(({ ports }) => ports);
    expect(open.map(({ port }) => port)).toEqual(expect.arrayContaining([443, 4318, 5432]));
  });

  it('lets the one pod of a small release be moved to another node', () => {
    const budget = rendered({ ...REQUIRED, replicas: 1 }).find(
      ({ kind }) => kind === 'PodDisruptionBudget',
    );
    expect(budget?.spec).toMatchObject({ maxUnavailable: 1 });
    expect(budget?.spec).not.toHaveProperty('minAvailable');
  });

  it('takes ports of the nodes, for a balancer of your own', () => {
    const service = { type: 'NodePort', nodePorts: { https: 30_443, http: 30_080 } };
    const release = rendered({ ...REQUIRED, service });
    const spec = release.find(({ kind }) => kind === 'Service')?.spec;
    expect(spec).toMatchObject({
      type: 'NodePort',
      ports: [
        { port: 443, nodePort: 30_443 },
        { port: 80, nodePort: 30_080 },
      ],
    });
    expect(typeFaults(release)).toEqual([]);
  });

  it('has PostgreSQL commit on a standby before it answers', () => {
    expect(of('with everything').find(({ kind }) => kind === 'Cluster')?.spec).toMatchObject({
      instances: 3,
      postgresql: { synchronous: { method: 'any', number: 1, dataDurability: 'required' } },
    });
  });

  it.each([
    ['a release without values', {}, /baseDomain/],
    ['no database', { ...REQUIRED, database: {} }, /database\.secretName/],
    ['a variable that is not the gateway’s', { ...REQUIRED, env: { ROOT_KEY: 'x' } }, /ROOT_KEY/],
    [
      'as many synchronous standbys as instances',
      { ...EVERYTHING, postgresql: { enabled: true, instances: 1 } },
      /synchronousStandbys/,
    ],
    ['a value that there is not', { ...REQUIRED, replica: 3 }, /'replica' not allowed/],
    ['one within another', { ...REQUIRED, smtp: { secret: 'x' } }, /smtp.*'secret' not allowed/],
    ['a tag that YAML reads as a number', { ...REQUIRED, image: { tag: 1.1 } }, /tag.*want string/],
    ['a value that is taken away', { ...REQUIRED, service: null }, /missing property 'service'/],
    ['a fleet without its region', { ...REQUIRED, regions: ['us'] }, /regions: every region/],
    // The ports of the container, its Services and probes are these.
    ['another port', { ...REQUIRED, env: { GATEWAY_OPS_PORT: '9000' } }, /GATEWAY_OPS_PORT/],
    ['a key in clear', { ...REQUIRED, env: { GATEWAY_ROOT_KEY_EU: 'x' } }, /GATEWAY_ROOT_KEY_EU/],
  ])('refuses %s with its name', (_, values, words) => {
    const { status, stderr } = helm(values, 'template', 'eu', CHART);
    expect(status).not.toBe(0);
    expect(stderr).toMatch(words);
  });

  it.each(['eu.1', '1eu'])(
    'refuses the release %s, whose Service could not have its name',
    (name) => {
      const { status, stderr } = helm(REQUIRED, 'template', name, CHART);
      expect(status).not.toBe(0);
      expect(stderr).toContain(`the release ${name}: begin its name with a letter`);
    },
  );

  it.each(['no', `eu-${'0123456789'.repeat(5)}`])(
    'has names that fit, for the release %s',
    (name) => {
      const values = {
        ...EVERYTHING,
        rootKey: { secretName: 'true' },
        smtp: { secretName: '123' },
      };
      const release = rendered(values, name);
      expect(release.map(schemaFault).filter((fault) => fault !== null)).toEqual([]);
      expect(typeFaults(release)).toEqual([]);
      for (const { kind, metadata } of release) {
        // CloudNativePG's own limit.
        expect(metadata.name.length).toBeLessThanOrEqual(kind === 'Cluster' ? 50 : 63);
        expect(metadata.name).toMatch(/^[a-z]([-a-z0-9]*[a-z0-9])?$/);
      }
    },
  );
});
