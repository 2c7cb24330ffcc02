# syntax=docker/dockerfile:1
# This image's Node only runs npm. The gateway runs on the Node that package-lock.json pins.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# `prepare` would build before the sources are there; `rebuild` runs the packages' own install scripts.
RUN npm ci --ignore-scripts && npm rebuild
COPY tsconfig.json tsconfig.build.json nest-cli.json rolldown.config.ts ./
COPY deploy/strip ./deploy/strip
COPY src ./src
COPY migrations ./migrations
RUN npm run build
RUN deploy/strip dist
RUN npm prune --omit=dev --ignore-scripts

FROM debian:bookworm-slim
WORKDIR /app
ENV NODE_ENV=production \
    PATH=/app/node_modules/.bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin \
    GATEWAY_BIND=:: \
    GATEWAY_OPS_BIND=:: \
    GATEWAY_DATA_DIR=/data
RUN useradd --system --uid 900 --no-create-home gateway \
 && install -d -o gateway -g gateway -m 0700 /data \
 && ln -s /app/deploy/gateway /usr/local/bin/gateway
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY deploy/gateway ./deploy/gateway
USER gateway
VOLUME /data
EXPOSE 8443 8080 9464
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:9464/livez').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Exec form, so that the gateway receives the signals.
CMD ["node", "--v8-pool-size=1", "dist/src/main.js"]
