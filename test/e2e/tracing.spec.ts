import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { LocalScene } from '../support/domain-scene-local.js';
import { until } from '../support/until.js';

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: number };
}

interface SentSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly attributes: readonly Attribute[];
  readonly status?: { readonly code?: number };
}

interface Export {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly SentSpan[] }[];
  }[];
}

/** A receiver of OTLP over HTTP, as JSON. */
class Receiver {
  readonly bodies: string[] = [];
  readonly paths = new Set<string>();
  readonly #server: Server = createServer((request, response) => {
    this.paths.add(request.url ?? '');
    void text(request).then((body) => {
      this.bodies.push(body);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get spans(): SentSpan[] {
    return this.bodies
      .flatMap((body) => (JSON.parse(body) as Export).resourceSpans)
      .flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

const VALUE = 'canary-value-4711';
const PASSPHRASE = 'canary-passphrase-4711';
const EMAIL = 'canary@example.com';
const DOMAIN = 'traced.example.com';
const TRACE = '0af7651916cd43dd8448eb211c80319c';
const CALLER = 'b7ad6b7169203331';

const valueOf = (span: SentSpan | undefined, key: string): string | number | undefined => {
  const value = span?.attributes.find((attribute) => attribute.key === key)?.value;
  return value?.stringValue ?? value?.intValue;
};

describe('traces', () => {
  const receiver = new Receiver();
  let scene: LocalScene;
  /** What no span may have. */
  const canaries: string[] = [VALUE, PASSPHRASE, EMAIL];

  beforeAll(async () => {
    scene = await LocalScene.start({
      GATEWAY_OTLP_ENDPOINT: await receiver.listen(),
      NODE_OPTIONS: '--import=./test/support/print-telemetry.js',
    });
    const customer = await scene.customer(EMAIL);
    canaries.push(customer.auth.split(':')[1] ?? '');
    await scene.setUp(customer, DOMAIN);
    const { gateway } = scene;
    const shared = await gateway.call('eu', {
      path: '/api/v1/share',
      auth: customer.auth,
      body: { secret: VALUE, passphrase: PASSPHRASE },
    });
    const { secret_key: key, metadata_key: receipt } = shared.json<Record<string, string>>();
    canaries.push(key ?? '', receipt ?? '');
    const opened = await gateway.call('eu', {
      path: `/api/v1/secret/${key}`,
      headers: { traceparent: `00-${TRACE}-${CALLER}-00` },
      body: { passphrase: PASSPHRASE },
    });
    expect(opened.json()['value']).toBe(VALUE);
    await gateway.call('eu', { path: '/api/v1/status' });
    await gateway.call('eu', { path: `/nothing/${VALUE}?key=${VALUE}` });
  });

  afterAll(async () => {
    receiver.stop();
    await scene?.stop();
  });

  const named = (name: string, isOne: (span: SentSpan) => boolean = () => true) =>
    until(`a span ${name}`, () => receiver.spans.find((span) => span.name === name && isOne(span)));

  it('load OpenTelemetry, which a gateway without an endpoint does not', async () => {
    for (const name of ['core', 'sdk-trace', 'exporter-trace-otlp-http'])
      await until(`${name} is loaded`, () =>
        scene.gateway.logs.includes(`/@opentelemetry/${name}/`),
      );
  });

  it('have a span for a request, with its route, under the trace that the caller names', async () => {
    const span = await named('POST /api/v1/secret/:key', ({ traceId }) => traceId === TRACE);
    expect(span.parentSpanId).toBe(CALLER);
    expect(valueOf(span, 'http.route')).toBe('/api/v1/secret/:key');
    expect(valueOf(span, 'http.response.status_code')).toBe(200);
    expect(valueOf(span, 'gateway.region')).toBe('eu');
    expect(valueOf(span, 'gateway.request_id')).toMatch(/^[\w-]{8,}$/);
    expect([...receiver.paths]).toEqual(['/v1/traces']);
  });

  it('have its statements by name, as parts of it', async () => {
    const request = await named('POST /api/v1/secret/:key', ({ traceId }) => traceId === TRACE);
    const statements = receiver.spans.filter(({ parentSpanId }) => parentSpanId === request.spanId);
    expect(statements.length).toBeGreaterThan(0);
    for (const span of statements) {
      expect(span.name).toMatch(/^[a-z_]+$/);
      expect(valueOf(span, 'db.system.name')).toBe('postgresql');
    }
  });

  it('have the status, whose answer needs no database, and a request that no route takes', async () => {
    await named('GET /api/v1/status');
    expect(valueOf(await named('GET'), 'http.response.status_code')).toBe(404);
  });

  it('have the steps of a certificate’s order', async () => {
    const order = await named(
      'certificate order',
      (span) => valueOf(span, 'gateway.hostname') === DOMAIN,
    );
    const step = await named(
      'certificate order step',
      ({ parentSpanId }) => parentSpanId === order.spanId,
    );
    expect(valueOf(step, 'gateway.order.step')).toEqual(expect.any(String));
  });

  it('have no value, key, passphrase, token, address or path', () => {
    const sent = receiver.bodies.join('\n');
    expect(sent.length).toBeGreaterThan(1000);
    expect(canaries.filter((canary) => canary === '' || sent.includes(canary))).toEqual([]);
    expect(sent).not.toContain('127.0.0.1');
  });

  it('lost, because the receiver is away, cost no request and no stop', async () => {
    receiver.stop();
    expect((await scene.gateway.call('eu', { path: '/api/v1/status' })).status).toBe(200);
    expect(await scene.gateway.end()).toBe(0);
  });
});
