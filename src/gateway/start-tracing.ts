import { setTimeout as delay } from 'node:timers/promises';
import type { Context, Span } from '@opentelemetry/api';
import type { ExportResultCode } from '@opentelemetry/core';
import type { SpanExporter, TracerProvider } from '@opentelemetry/sdk-trace';
import { programVersion } from '../config/program-version.js';
import type { OpenSpan, SpanFacts, SpanKind, SpanStart } from '../shared/tracing.js';
import { SECOND } from '../shared/durations.js';
import type { Logger } from '../shared/logger.js';
import { useTracer } from '../shared/tracing.js';
import { RepeatedLine } from '../shared/repeated-line.js';

export interface TracingConfig {
  /** The base URL of an OTLP/HTTP receiver; null: no tracing. */
  readonly endpoint: string | null;
  /** The share of the traces that is sent, 0 to 1. */
  readonly share: number;
}

/** Sends traces from now on. Loads OpenTelemetry only then. Resolves to what ends it and sends the last spans. */
export async function startTracing(
  { endpoint, share }: TracingConfig,
  logger: Logger,
): Promise<() => Promise<void>> {
  if (endpoint === null) return () => Promise.resolve();
  const [api, { W3CTraceContextPropagator }, provider] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/core'),
    openProvider({ endpoint, share }, logger),
  ]);
  const source = provider.getTracer('onetime-gateway');
  const propagator = new W3CTraceContextPropagator();
  const contextOf = ({ parent, traceparent }: SpanStart): Context => {
    if (parent instanceof SentSpan) return api.trace.setSpan(api.ROOT_CONTEXT, parent.span);
    if (traceparent === undefined) return api.ROOT_CONTEXT;
    return propagator.extract(api.ROOT_CONTEXT, { traceparent }, api.defaultTextMapGetter);
  };
  useTracer({
    start: (name, start) => {
      const options = { kind: KINDS[start.kind], attributes: { ...start.facts } };
      return new SentSpan(source.startSpan(name, options, contextOf(start)));
    },
  });
  return async () => {
    useTracer(null);
    // A receiver that is away must not keep the gateway from its end.
    const sent = provider.shutdown().catch(() => undefined);
    await Promise.race([sent, delay(SENT_WITHIN, undefined, { ref: false })]);
  };
}

async function openProvider(
  { endpoint, share }: { readonly endpoint: string; readonly share: number },
  logger: Logger,
): Promise<TracerProvider> {
  const [sdk, { ExportResultCode }, { OTLPTraceExporter }, { resourceFromAttributes }] =
    await Promise.all([
      import('@opentelemetry/sdk-trace'),
      import('@opentelemetry/core'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
    ]);
  // By the share whatever the header says: clients do not decide how much is sent.
  const byShare = new sdk.TraceIdRatioBasedSampler(share);
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` });
  logLosses(exporter, ExportResultCode.SUCCESS, logger);
  return new sdk.TracerProvider({
    resource: resourceFromAttributes({
      'service.name': 'onetime-gateway',
      'service.version': programVersion(),
    }),
    sampler: new sdk.ParentBasedSampler({
      root: byShare,
      remoteParentSampled: byShare,
      remoteParentNotSampled: byShare,
    }),
    spanProcessors: [new sdk.BatchSpanProcessor({ exporter, scheduledDelayMillis: SEND_EVERY })],
  });
}

/** OpenTelemetry itself drops what the receiver does not take, and says nothing. */
function logLosses(exporter: SpanExporter, received: ExportResultCode, logger: Logger): void {
  const line = new RepeatedLine();
  let isLosing = false;
  const send = exporter.export.bind(exporter);
  exporter.export = (spans, done) =>
    send(spans, (result) => {
      const err =
        result.code === received ? null : (result.error ?? new Error('no reason is given'));
      if (err !== null && line.isDue(err.message))
        logger.warn({ spans: spans.length, err }, 'traces are not received and are lost');
      if (err === null && isLosing) logger.info('traces are received again');
      isLosing = err !== null;
      done(result);
    });
}

const SEND_EVERY = 1000;
/** For the last spans. OpenTelemetry itself waits ten seconds. */
const SENT_WITHIN = 2 * SECOND;

/** `SpanKind` of the API, which is loaded only when it is used. */
const KINDS: Readonly<Record<SpanKind, number>> = { internal: 0, server: 1, client: 2 };
/** `SpanStatusCode.ERROR` */
const ERROR = 2;

class SentSpan implements OpenSpan {
  constructor(readonly span: Span) {}

  add(facts: SpanFacts): void {
    this.span.setAttributes({ ...facts });
  }

  rename(name: string): void {
    this.span.updateName(name);
  }

  fail(kind: string): void {
    this.span.setAttribute('error.type', kind);
    this.span.setStatus({ code: ERROR });
  }

  end(): void {
    this.span.end();
  }
}
