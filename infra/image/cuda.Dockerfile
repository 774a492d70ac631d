# Every service that runs models on an NVIDIA GPU, chosen by APP. The provider of CUDA is no part of the npm package of ONNX
# Runtime: it comes from the Python package of the same version.
#
#   docker build -f infra/image/cuda.Dockerfile --build-arg APP=image-recognition \
#     -t registry.example.com/team/ganglion-image-recognition:0.0.0-cuda .
ARG BASE=node:22-bookworm-slim
ARG CUDA=nvidia/cuda:13.0.2-cudnn-runtime-ubuntu24.04

FROM ${BASE} AS node

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
# hadolint ignore=DL3008
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates python3 python3-pip \
    && rm -rf /var/lib/apt/lists/*
RUN version="$(node -p "require('/bundle/node_modules/onnxruntime-node/package.json').version")" \
    && pip download --no-cache-dir --no-deps --only-binary :all: --python-version 3.12 --dest /wheel "onnxruntime-gpu==${version}" \
    && python3 -m zipfile -e /wheel/*.whl /wheel/unpacked \
    && cp /wheel/unpacked/onnxruntime/capi/libonnxruntime_providers_cuda.so \
      /wheel/unpacked/onnxruntime/capi/libonnxruntime_providers_shared.so \
      /bundle/node_modules/onnxruntime-node/bin/napi-v6/linux/x64/

FROM ${CUDA} AS service
COPY --from=node /usr/local/bin/node /usr/local/bin/node
RUN mkdir -p /var/lib/ganglion/blobs && chown 10001:10001 /var/lib/ganglion/blobs
WORKDIR /app
COPY --from=build /bundle ./
COPY --from=build /cache /var/cache/ganglion
ENV NODE_ENV=production \
    GANGLION_CACHE=/var/cache/ganglion \
    GANGLION_BLOB_DIR=/var/lib/ganglion/blobs \
    GANGLION_ADMIN_HOST=0.0.0.0 \
    GANGLION_DEVICE=cuda
USER 10001:10001
EXPOSE 9090
CMD ["node", "main.js"]
