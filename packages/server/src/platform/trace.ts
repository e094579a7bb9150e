import { type Attributes, context, propagation, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import type { FastifyInstance, FastifyRequest } from 'fastify'

/**
 * Spans of what a process does, in OpenTelemetry's own words. Without a collector every call here does nothing: the exporter is loaded by
 * {@link openTraces} only. No parameter, body, name of a person or address goes into a span.
 */
const tracer = trace.getTracer('changbai')

export interface Traces {
  /** Sends what is still held, then ends. */
  close(): Promise<void>
}

/** @param endpoint of a collector that speaks OTLP over HTTP, without `/v1/traces`; `share` of the traces that begin here, 0..1 */
export async function openTraces(endpoint: string, version: string, share = 1): Promise<Traces> {
  const [{ OTLPTraceExporter }, { AsyncLocalStorageContextManager }, sdk, { resourceFromAttributes }, { W3CTraceContextPropagator }] =
    await Promise.all([
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/context-async-hooks'),
      import('@opentelemetry/sdk-trace'),
      import('@opentelemetry/resources'),
      import('@opentelemetry/core'),
    ])
  const manager = new AsyncLocalStorageContextManager().enable()
  context.setGlobalContextManager(manager)
  propagation.setGlobalPropagator(new W3CTraceContextPropagator())
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'changbai', 'service.version': version }),
    sampler: new sdk.ParentBasedSampler({ root: new sdk.TraceIdRatioBasedSampler(share) }),
    spanProcessors: [new sdk.BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` }) })],
  })
  trace.setGlobalTracerProvider(provider)
  return {
    async close() {
      await provider.shutdown()
      manager.disable()
      trace.disable()
      context.disable()
      propagation.disable()
    },
  }
}

const fail = (span: Span, error: unknown): void => {
  span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'error' })
}

/** Runs something under a span of its own; what it calls hangs below. */
export const traced = <T>(name: string, attributes: Attributes, run: () => Promise<T>): Promise<T> =>
  tracer.startActiveSpan(name, { attributes }, async (span) => {
    try {
      return await run()
    } catch (error) {
      fail(span, error)
      throw error
    } finally {
      span.end()
    }
  })

/** A statement that has just ended, as prepared: `$1` for every parameter. Only under a span: what nobody asked for is not told. */
export function traceStatement(statement: string, ms: number): void {
  if (!trace.getActiveSpan()?.isRecording()) return
  const endMs = Date.now()
  tracer
    .startSpan('sql', {
      kind: SpanKind.CLIENT,
      startTime: endMs - ms,
      attributes: { 'db.system.name': 'postgresql', 'db.query.text': statement },
    })
    .end(endMs)
}

const spans = new WeakMap<FastifyRequest, Span>()

/** A span for each request, below the caller's where it sent one (W3C traceparent). */
export function traceRequests(app: FastifyInstance): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const from = propagation.extract(context.active(), request.headers)
    const route = request.routeOptions.url ?? 'none'
    const span = tracer.startSpan(
      `${request.method} ${route}`,
      {
        kind: SpanKind.SERVER,
        attributes: { 'http.request.method': request.method, 'http.route': route, 'changbai.request.id': request.id },
      },
      from,
    )
    if (!span.isRecording()) return done()
    spans.set(request, span)
    context.with(trace.setSpan(from, span), done)
  })
  app.addHook('onResponse', async (request, reply) => {
    const span = spans.get(request)
    if (!span) return
    span.setAttribute('http.response.status_code', reply.statusCode)
    if (reply.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
    span.end()
  })
}
