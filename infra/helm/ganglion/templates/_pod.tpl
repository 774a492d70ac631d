{{/* What Pod Security "restricted" asks of a container, and a file system that nobody writes to. */}}
{{- define "ganglion.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end -}}

{{- define "ganglion.podBasics" -}}
serviceAccountName: {{ include "ganglion.serviceAccount" . }}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext: {{- toYaml .Values.podSecurityContext | nindent 2 }}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
{{- range . }}
  - name: {{ . }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "ganglion.secretEnv" -}}
- name: {{ .name }}
  valueFrom: { secretKeyRef: { name: {{ .secret }}, key: {{ .key }} } }
{{- end -}}

{{/* The database, for those who own a schema. */}}
{{- define "ganglion.databaseEnv" -}}
{{- with .Values.database -}}
{{ include "ganglion.secretEnv" (dict "name" "GANGLION_DATABASE_URL" "secret" .existingSecret "key" .urlKey) }}
{{ include "ganglion.secretEnv" (dict "name" "GANGLION_DATABASE_ROLE_PASSWORD" "secret" .existingSecret "key" .rolePasswordKey) }}
{{- end }}
{{- end -}}

{{/* Root -> the names that the gateway expects: all but itself and those that may be at zero. */}}
{{- define "ganglion.expected" -}}
{{- $names := list -}}
{{- range $name, $process := include "ganglion.processes" . | fromJson -}}
{{- $atZero := and (ne $process.autoscaling.kind "none") (eq (int $process.autoscaling.minReplicas) 0) -}}
{{- if and (ne $name "gateway") (not $atZero) }}{{ $names = append $names $name }}{{ end -}}
{{- end -}}
{{- $names | sortAlpha | join "," -}}
{{- end -}}

{{/* dict root, service, values -> the settings that the chart itself makes, as a map. */}}
{{- define "ganglion.settings" -}}
{{- $values := .root.Values -}}
{{- $drainMs := mul 1000 (int .values.drainSeconds) -}}
GANGLION_NATS_URL: {{ include "ganglion.natsUrls" .root | quote }}
GANGLION_BLOB_DIR: /var/lib/ganglion/blobs
GANGLION_DRAIN_MS: {{ $drainMs | quote }}
{{- if $values.nats.tls.enabled }}
NODE_EXTRA_CA_CERTS: /etc/ganglion/nats/ca.crt
{{- end }}
{{- if eq .service "gateway" }}
GANGLION_HOST: 0.0.0.0
GANGLION_PORT: '8080'
GANGLION_EXPECT: {{ include "ganglion.expected" .root | quote }}
GANGLION_DRAIN_NOTICE_MS: {{ mul 1000 (int $values.gateway.drainNoticeSeconds) | quote }}
{{- with $values.gateway.corsOrigins }}
GANGLION_CORS_ORIGINS: {{ join "," . | quote }}
{{- end }}
{{- else }}
GANGLION_ADMIN_HOST: 0.0.0.0
GANGLION_ADMIN_PORT: '9090'
{{- end }}
{{- if .values.models }}
GANGLION_CACHE: /var/cache/ganglion
{{- /* Without a limit of CPU a pod sees all of its node's cores, and would take up to four of them. */}}
GANGLION_INTRA_OP_THREADS: '1'
{{- if .values.gpu.enabled }}
GANGLION_DEVICE: cuda
GANGLION_DEVICE_FALLBACK: {{ .values.gpu.fallback }}
{{- else }}
GANGLION_DEVICE: cpu
{{- end }}
{{- if $values.models.ownManifests }}
GANGLION_MODELS: /models
{{- end }}
{{- end }}
{{- end -}}

{{/* dict root, service, values -> a container's `env`; what the operator sets comes last, and so wins. */}}
{{- define "ganglion.env" -}}
{{- $settings := mergeOverwrite (include "ganglion.settings" . | fromYaml) (deepCopy .values.env) -}}
{{- range $name, $value := $settings -}}
- name: {{ $name }}
  value: {{ $value | toString | quote }}
{{ end -}}
{{ include "ganglion.secretEnv" (dict "name" "GANGLION_NATS_TOKEN" "secret" .root.Values.nats.auth.existingSecret "key" .root.Values.nats.auth.tokenKey) }}
{{- if .values.database }}
{{ include "ganglion.databaseEnv" .root }}
{{- end }}
{{- if eq .service "control-plane" }}
{{ include "ganglion.secretEnv" (dict "name" "GANGLION_BOOTSTRAP_KEY" "secret" .root.Values.bootstrapKey.existingSecret "key" .root.Values.bootstrapKey.key) }}
{{- end }}
{{- with .values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* dict root, values -> whether the models lie in a volume. */}}
{{- define "ganglion.hasModelVolume" -}}
{{- if and .values.models (ne .root.Values.models.source "baked") }}true{{ end -}}
{{- end -}}

{{- define "ganglion.pullsModels" -}}
{{- $models := .root.Values.models -}}
{{- if and .values.models (or (eq $models.source "emptyDir") (and (eq $models.source "pvc") $models.pull)) }}true{{ end -}}
{{- end -}}

{{/* dict root, values */}}
{{- define "ganglion.mounts" -}}
- { name: tmp, mountPath: /tmp }
- { name: blobs, mountPath: /var/lib/ganglion/blobs }
{{- if .root.Values.nats.tls.enabled }}
- { name: nats-ca, mountPath: /etc/ganglion/nats, readOnly: true }
{{- end }}
{{- if and .values.database .root.Values.database.caSecret }}
- { name: database-ca, mountPath: /etc/ganglion/database, readOnly: true }
{{- end }}
{{- if include "ganglion.hasModelVolume" . }}
- { name: models, mountPath: /var/cache/ganglion, readOnly: {{ eq .root.Values.models.source "image" }} }
{{- end }}
{{- if and .values.models .root.Values.models.ownManifests }}
- { name: own-models, mountPath: /models, readOnly: true }
{{- end }}
{{- end -}}

{{- define "ganglion.volumes" -}}
{{- $root := .root -}}
- { name: tmp, emptyDir: { sizeLimit: 2Gi } }
- name: blobs
  persistentVolumeClaim: { claimName: {{ $root.Values.blobs.existingClaim | default (printf "%s-blobs" (include "ganglion.fullname" $root)) }} }
{{- if $root.Values.nats.tls.enabled }}
- name: nats-ca
  secret: { secretName: {{ $root.Values.nats.tls.existingSecret }}, items: [{ key: ca.crt, path: ca.crt }] }
{{- end }}
{{- if and .values.database $root.Values.database.caSecret }}
- name: database-ca
  secret: { secretName: {{ $root.Values.database.caSecret }} }
{{- end }}
{{- if include "ganglion.hasModelVolume" . }}
{{- with $root.Values.models }}
- name: models
{{- if eq .source "pvc" }}
  persistentVolumeClaim: { claimName: {{ .pvc.existingClaim | default (printf "%s-models" (include "ganglion.fullname" $root)) }} }
{{- else if eq .source "image" }}
  image: { reference: {{ .image | quote }}, pullPolicy: {{ $root.Values.image.pullPolicy }} }
{{- else }}
  emptyDir: {}
{{- end }}
{{- end }}
{{- end }}
{{- if and .values.models $root.Values.models.ownManifests }}
- name: own-models
{{- toYaml $root.Values.models.ownManifests | nindent 2 }}
{{- end }}
{{- end -}}
