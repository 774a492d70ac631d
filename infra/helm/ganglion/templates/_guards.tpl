{{/* What the schema can't say. Each stops an install before anything of it is there. */}}
{{- define "ganglion.guards" -}}
{{- $processes := include "ganglion.processes" . | fromJson -}}
{{- $apis := .Capabilities.APIVersions -}}
{{- range $name, $process := $processes -}}
{{- $scaling := $process.autoscaling -}}
{{- $at := printf "\n\nservices.%s" $name -}}
{{- if gt (int $scaling.minReplicas) (int $scaling.maxReplicas) -}}
{{- fail (printf "%s.autoscaling: minReplicas (%v) is more than maxReplicas (%v)." $at $scaling.minReplicas $scaling.maxReplicas) -}}
{{- end -}}
{{- if and (ne $scaling.kind "none") (eq (int $scaling.minReplicas) 0) (not (and (eq $scaling.kind "keda") $scaling.jobs)) -}}
{{- fail (printf "%s.autoscaling.minReplicas: 0 needs kind keda and jobs: only a job can wait for a pod to start, a call can't." $at) -}}
{{- end -}}
{{- if and (eq $scaling.kind "keda") (not $scaling.jobs) (not $scaling.queueSeconds) -}}
{{- fail (printf "%s.autoscaling: keda needs queueSeconds, jobs or both to scale by." $at) -}}
{{- end -}}
{{- if and (eq $scaling.kind "hpa") (not $scaling.cpuUtilization) (not $scaling.queueSeconds) -}}
{{- fail (printf "%s.autoscaling: hpa needs cpuUtilization, queueSeconds or both to scale by." $at) -}}
{{- end -}}
{{- if and (eq $scaling.kind "keda") (not ($apis.Has "keda.sh/v1alpha1")) -}}
{{- fail (printf "%s.autoscaling.kind: keda is not installed in this cluster (no API keda.sh/v1alpha1): see k8s/keda." $at) -}}
{{- end -}}
{{- if and $process.gpu.enabled (not $process.models) -}}
{{- fail (printf "%s.gpu.enabled: it runs no models, so it has no use for a GPU." $at) -}}
{{- end -}}
{{- end -}}
{{- if and (not .Values.nats.enabled) (not .Values.nats.urls) -}}
{{- fail "\n\nnats.urls: with nats.enabled false, name the servers of your own NATS." -}}
{{- end -}}
{{- if and .Values.nats.enabled .Values.nats.urls -}}
{{- fail "\n\nnats.urls: of no use with nats.enabled true, where the chart runs NATS itself." -}}
{{- end -}}
{{- if and (eq .Values.models.source "image") (not .Values.models.image) -}}
{{- fail "\n\nmodels.image: with models.source image, name the image that holds the models." -}}
{{- end -}}
{{- if and .Values.ingress.enabled .Values.gatewayApi.enabled -}}
{{- fail "\n\ningress.enabled and gatewayApi.enabled: choose one." -}}
{{- end -}}
{{- if and .Values.gatewayApi.enabled (not .Values.gatewayApi.parentRefs) -}}
{{- fail "\n\ngatewayApi.parentRefs: name the Gateway that the route attaches to." -}}
{{- end -}}
{{- if and .Values.gatewayApi.enabled (not ($apis.Has "gateway.networking.k8s.io/v1")) -}}
{{- fail "\n\ngatewayApi.enabled: the Gateway API (gateway.networking.k8s.io/v1) is not installed in this cluster." -}}
{{- end -}}
{{- if and (or .Values.monitoring.serviceMonitor.enabled .Values.monitoring.prometheusRule.enabled) (not ($apis.Has "monitoring.coreos.com/v1")) -}}
{{- fail "\n\nmonitoring: the Prometheus operator (monitoring.coreos.com/v1) is not installed in this cluster: install it, or switch serviceMonitor and prometheusRule off." -}}
{{- end -}}
{{- include "ganglion.secretGuards" . -}}
{{- end -}}

{{/* Every secret and its keys, where a cluster can be seen: each namespace has the ConfigMap kube-root-ca.crt. */}}
{{- define "ganglion.secretGuards" -}}
{{- if and .Values.secrets.check (lookup "v1" "ConfigMap" .Release.Namespace "kube-root-ca.crt") -}}
{{- $values := .Values -}}
{{- $wanted := list
  (dict "at" "database.existingSecret" "name" $values.database.existingSecret "keys" (list $values.database.urlKey $values.database.rolePasswordKey))
  (dict "at" "bootstrapKey.existingSecret" "name" $values.bootstrapKey.existingSecret "keys" (list $values.bootstrapKey.key))
  (dict "at" "nats.auth.existingSecret" "name" $values.nats.auth.existingSecret "keys" (list $values.nats.auth.tokenKey)) -}}
{{- if $values.nats.tls.enabled -}}
{{- $keys := ternary (list "tls.crt" "tls.key" "ca.crt") (list "ca.crt") $values.nats.enabled -}}
{{- $wanted = append $wanted (dict "at" "nats.tls.existingSecret" "name" $values.nats.tls.existingSecret "keys" $keys) -}}
{{- end -}}
{{- range $wanted -}}
{{- $secret := lookup "v1" "Secret" $.Release.Namespace .name -}}
{{- if not $secret -}}
{{- fail (printf "\n\n%s: there is no secret %q in the namespace %q; it must hold %s." .at .name $.Release.Namespace (join ", " .keys)) -}}
{{- end -}}
{{- $data := $secret.data | default dict -}}
{{- $at := .at -}}
{{- $name := .name -}}
{{- range .keys -}}
{{- if not (hasKey $data .) -}}
{{- fail (printf "\n\n%s: the secret %q holds no key %q, only: %s." $at $name . (keys $data | sortAlpha | join ", ")) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
