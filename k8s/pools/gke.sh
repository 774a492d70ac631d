#!/usr/bin/env bash
# Two GPU pools of a GKE cluster: L4 for inference, A100 for training; both go to none while nothing needs them. GKE installs
# the driver and its own device plugin, so the GPU Operator is not needed; it also taints the nodes (nvidia.com/gpu=present).
#   CLUSTER=ganglion REGION=europe-west4 k8s/pools/gke.sh
set -euo pipefail
: "${CLUSTER:?}" "${REGION:?}"

gcloud container node-pools create inference --cluster "$CLUSTER" --region "$REGION" \
  --machine-type g2-standard-8 --accelerator type=nvidia-l4,count=1,gpu-driver-version=latest \
  --node-labels ganglion.dev/pool=inference \
  --enable-autoscaling --total-min-nodes 0 --total-max-nodes 4 --enable-image-streaming

# An inference pool whose GPUs four pods share by turns; pods still ask for nvidia.com/gpu: 1.
gcloud container node-pools create inference-shared --cluster "$CLUSTER" --region "$REGION" \
  --machine-type g2-standard-8 \
  --accelerator type=nvidia-l4,count=1,gpu-driver-version=latest,gpu-sharing-strategy=time-sharing,max-shared-clients-per-gpu=4 \
  --node-labels ganglion.dev/pool=inference-shared \
  --enable-autoscaling --total-min-nodes 0 --total-max-nodes 2 --enable-image-streaming

# Seven slices of an A100 with 40 GB. On GKE pods ask for nvidia.com/gpu: 1 and choose the size by the node's label
# cloud.google.com/gke-gpu-partition-size=1g.5gb.
gcloud container node-pools create mig --cluster "$CLUSTER" --region "$REGION" \
  --machine-type a2-highgpu-1g --accelerator type=nvidia-tesla-a100,count=1,gpu-partition-size=1g.5gb,gpu-driver-version=latest \
  --node-labels ganglion.dev/pool=mig \
  --enable-autoscaling --total-min-nodes 0 --total-max-nodes 1

gcloud container node-pools create training --cluster "$CLUSTER" --region "$REGION" \
  --machine-type a2-highgpu-1g --accelerator type=nvidia-tesla-a100,count=1,gpu-driver-version=latest \
  --node-labels ganglion.dev/pool=training --node-taints ganglion.dev/pool=training:NoSchedule \
  --enable-autoscaling --total-min-nodes 0 --total-max-nodes 2 --spot
