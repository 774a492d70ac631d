#!/usr/bin/env bash
# Two GPU pools of an AKS cluster: T4 for inference, A100 for training. The GPU Operator brings the driver
# (k8s/gpu-operator), so AKS' own is left out.
#   GROUP=ganglion CLUSTER=ganglion k8s/pools/aks.sh
set -euo pipefail
: "${GROUP:?}" "${CLUSTER:?}"

az aks nodepool add --resource-group "$GROUP" --cluster-name "$CLUSTER" --name inference \
  --node-vm-size Standard_NC4as_T4_v3 --gpu-driver none \
  --labels ganglion.dev/pool=inference --node-taints nvidia.com/gpu=present:NoSchedule \
  --enable-cluster-autoscaler --min-count 0 --max-count 4 --node-count 0

az aks nodepool add --resource-group "$GROUP" --cluster-name "$CLUSTER" --name training \
  --node-vm-size Standard_NC24ads_A100_v4 --gpu-driver none \
  --labels ganglion.dev/pool=training \
  --node-taints nvidia.com/gpu=present:NoSchedule,ganglion.dev/pool=training:NoSchedule \
  --priority Spot --eviction-policy Delete --spot-max-price -1 \
  --enable-cluster-autoscaler --min-count 0 --max-count 2 --node-count 0
