// The only file that imports OpenTelemetry, itself imported only when an endpoint is set: see docs/telemetry.md for what a start pays otherwise.
import { context, SpanKind, SpanStatusCode, trace, TraceFlags, type Context, type Link } from '@opentelemetry/api';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { Clock } from '../ports/clock.ts';
import type { Telemetry } from './telemetry.ts';
import type { PlannedSpan } from './turn-spans.ts';

const SCOPE = 'parley';
const CLOSE_WITHIN_MS = 2000;
/** In seconds; 100 ms apart where conversations are won and lost. */
const VOICE_TO_VOICE_BUCKETS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.25, 1.5, 2, 3, 5, 10];
/** Of the GenAI conventions for `gen_ai.client.token.usage`. */
const TOKEN_BUCKETS = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576];

/**
 * Traces and metrics over OTLP/HTTP, to where `OTEL_EXPORTER_OTLP_ENDPOINT` says. `traceparent` (W3C): whoever started this run; its turns are
 * linked to that, so that a bench finds its own.
 */
export function otlpTelemetry({ clock, traceparent }: { clock: Clock; traceparent?: string | undefined }): Telemetry {
  const resource = defaultResource().merge(
    resourceFromAttributes({ 'service.name': process.env.OTEL_SERVICE_NAME ?? 'parley' }),
  );
  const tracers = new TracerProvider({
    resource,
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter() })],
  });
  const reader = new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter() });
  const meters = new MeterProvider({ resource, readers: [reader] });
  const tracer = tracers.getTracer(SCOPE);
  const meter = meters.getMeter(SCOPE);
  const voiceToVoice = meter.createHistogram('parley.turn.voice_to_voice', {
    unit: 's',
    description: "From the user's last sound to the first of the answer, by the program's own account",
    advice: { explicitBucketBoundaries: VOICE_TO_VOICE_BUCKETS },
  });
  const tokens = meter.createHistogram('gen_ai.client.token.usage', {
    unit: '{token}',
    advice: { explicitBucketBoundaries: TOKEN_BUCKETS },
  });
  const restarts = meter.createCounter('parley.child.restarts', { unit: '{restart}' });
  const links = linksTo(traceparent);

  const write = (planned: PlannedSpan, parent: Context, isRoot: boolean): string => {
    const { name, kind, startMs, endMs, attributes, failed, children } = planned;
    const options = {
      kind: kind === 'client' ? SpanKind.CLIENT : SpanKind.INTERNAL,
      startTime: new Date(startMs),
      attributes: failed === null ? attributes : { ...attributes, 'error.type': failed },
      ...(isRoot ? { links } : {}),
    };
    const span = tracer.startSpan(name, options, parent);
    if (failed !== null) span.setStatus({ code: SpanStatusCode.ERROR });
    const below = trace.setSpan(parent, span);
    for (const child of children) write(child, below, false);
    span.end(new Date(endMs));
    return span.spanContext().traceId;
  };

  return {
    span: (span) => write(span, context.active(), true),
    voiceToVoice: (durationMs, { architecture }) =>
      voiceToVoice.record(durationMs / 1000, { 'parley.architecture.id': architecture }),
    tokens: (count, { architecture, type }) =>
      tokens.record(count, {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': architecture,
        'gen_ai.token.type': type,
      }),
    childRestarted: (child) => restarts.add(1, { 'parley.child': child }),
    async close() {
      const gaveUp = new Promise<void>((resolve) => void clock.schedule(CLOSE_WITHIN_MS, resolve));
      const sent = Promise.allSettled([tracers.shutdown(), meters.shutdown()]);
      // A collector that is gone must not keep the program up.
      await Promise.race([sent, gaveUp]);
    },
  };
}

function linksTo(traceparent: string | undefined): Link[] {
  const match = /^00-([\da-f]{32})-([\da-f]{16})-[\da-f]{2}$/.exec(traceparent ?? '');
  if (!match) return [];
  const [, traceId, spanId] = match as unknown as [string, string, string];
  return [{ context: { traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true } }];
}
