{{- define "ganglion.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{/* Short enough for the longest name of a service behind it. */}}
{{- define "ganglion.fullname" -}}
{{- $name := include "ganglion.name" . -}}
{{- $release := ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) -}}
{{- default $release .Values.fullnameOverride | trunc 30 | trimSuffix "-" -}}
{{- end -}}

{{- define "ganglion.selector" -}}
app.kubernetes.io/name: {{ include "ganglion.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "ganglion.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "ganglion.selector" . }}
app.kubernetes.io/version: {{ .Values.image.tag | default .Chart.AppVersion | trunc 63 | trimSuffix "-" | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/part-of: ganglion
{{- end -}}

{{- define "ganglion.serviceAccount" -}}
{{- .Values.serviceAccount.name | default (include "ganglion.fullname" .) -}}
{{- end -}}

{{/* dict root, service, values -> the image of a process. */}}
{{- define "ganglion.image" -}}
{{- $image := .root.Values.image -}}
{{- if .values.image -}}
{{- .values.image -}}
{{- else -}}
{{- $tag := $image.tag | default .root.Chart.AppVersion -}}
{{- $name := printf "%s-%s:%s" $image.repository .service $tag -}}
{{- if $image.registry }}{{ $image.registry | trimSuffix "/" }}/{{ end }}{{ $name }}{{ if .values.gpu.enabled }}{{ $image.cudaSuffix }}{{ end -}}
{{- end -}}
{{- end -}}

{{/*
The processes as JSON, by name: what files/services.json knows of each, defaults, then what its values say. A service of
the operator's own is one with `image`.
*/}}
{{- define "ganglion.processes" -}}
{{- $known := .Files.Get "files/services.json" | fromJson -}}
{{- $processes := dict -}}
{{- range $name := concat (keys $known) (keys .Values.services) | uniq | sortAlpha -}}
{{- $own := index $.Values.services $name | default dict -}}
{{- if and (not (hasKey $known $name)) (not $own.image) -}}
{{- fail (printf "\n\nservices.%s: there is no such service. Known are %s. For one of your own, set services.%s.image." $name (keys $known | sortAlpha | join ", ") $name) -}}
{{- end -}}
{{- $facts := index $known $name | default (dict "database" false "models" true) -}}
{{- $process := mergeOverwrite (deepCopy $.Values.defaults) (deepCopy $own) $facts -}}
{{- if or $process.enabled (has $name (list "gateway" "control-plane")) -}}
{{- $_ := set $processes $name $process -}}
{{- end -}}
{{- end -}}
{{- $processes | toJson -}}
{{- end -}}

{{- define "ganglion.natsUrls" -}}
{{- if .Values.nats.enabled -}}
{{- $host := printf "%s-nats" (include "ganglion.fullname" .) -}}
{{- printf "%s://%s.%s.svc:4222" (ternary "tls" "nats" .Values.nats.tls.enabled) $host .Release.Namespace -}}
{{- else -}}
{{- join "," .Values.nats.urls -}}
{{- end -}}
{{- end -}}
