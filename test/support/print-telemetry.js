// For NODE_OPTIONS=--import=...: names each module of OpenTelemetry on stderr when it is loaded. Not those of its API, which
// does nothing by itself and which prom-client imports.
import { registerHooks } from 'node:module';

registerHooks({
  load(url, context, nextLoad) {
    if (/\/@opentelemetry\/(?!api\/)/.test(url)) process.stderr.write(`loads ${url}\n`);
    return nextLoad(url, context);
  },
});
