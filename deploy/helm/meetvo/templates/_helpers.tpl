{{/* Name of all objects. */}}
{{- define "meetvo.fullname" -}}
{{- $name := .Release.Name }}
{{- if not (contains .Chart.Name $name) }}
{{- $name = printf "%s-%s" $name .Chart.Name }}
{{- end }}
{{- .Values.fullnameOverride | default $name | trunc 50 | trimSuffix "-" }}
{{- end }}

{{/* Name of the migration's objects. */}}
{{- define "meetvo.migrateName" -}}
{{ include "meetvo.fullname" . }}-migrate
{{- end }}

{{/* Labels that select the pods of a component: (dict "root" $ "component" "service"). */}}
{{- define "meetvo.selectorLabels" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{/* All labels of an object of a component. */}}
{{- define "meetvo.labels" -}}
{{ include "meetvo.selectorLabels" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- end }}

{{- define "meetvo.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}
{{- end }}

{{- define "meetvo.replicas" -}}
{{- $default := ternary 1 2 (eq .Values.database.engine "sqlite") }}
{{- kindIs "invalid" .Values.replicas | ternary $default .Values.replicas }}
{{- end }}

{{/* Smallest number of replicas, also with autoscaling. */}}
{{- define "meetvo.minReplicas" -}}
{{- .Values.autoscaling.enabled | ternary .Values.autoscaling.minReplicas (include "meetvo.replicas" .) }}
{{- end }}

{{/* JSON array of the secrets that the service reads. */}}
{{- define "meetvo.secretKeys" -}}
{{- $keys := list "CLERK_WEBHOOK_SIGNING_SECRET" }}
{{- if eq .Values.database.engine "postgresql" }}
{{- $keys = append $keys "DATABASE_URL" }}
{{- end }}
{{- if .Values.secrets.existingSecret }}
{{- $keys = concat $keys .Values.secrets.optionalKeys }}
{{- else }}
{{- $keys = concat $keys (keys .Values.secrets.values) }}
{{- end }}
{{- $keys | uniq | sortAlpha | toJson }}
{{- end }}

{{/* Variables that name the files of secrets: (list "DATABASE_URL"). */}}
{{- define "meetvo.secretVariables" -}}
{{- range . }}
- name: {{ . }}_FILE
  value: /run/secrets/meetvo/{{ . }}
{{- end }}
{{- end }}

{{/* Variables of settings: (dict "log" (dict "format" "json")). */}}
{{- define "meetvo.settingVariables" -}}
{{- range $section, $settings := . }}
{{- range $key, $value := $settings }}
- name: {{ printf "MEETVO__%s__%s" $section $key | upper }}
  {{- /* Helm reads numbers of a file as floating-point numbers, and prints large ones as 1e+06. */}}
  value: {{ kindIs "float64" $value | ternary (int64 $value) $value | toString | quote }}
{{- end }}
{{- end }}
{{- end }}

{{/* Volume with the files of secrets: (dict "secret" "meetvo" "keys" (list "DATABASE_URL")). */}}
{{- define "meetvo.secretVolume" -}}
- name: secrets
  secret:
    secretName: {{ .secret }}
    # 0440: readable for the group of the pod.
    defaultMode: 288
    items:
      {{- range .keys }}
      - key: {{ . }}
        path: {{ . }}
      {{- end }}
{{- end }}

{{/* Security of a pod. The group reads the files of secrets and writes to the volume. */}}
{{- define "meetvo.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "meetvo.securityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{- define "meetvo.serviceAccountName" -}}
{{- $default := ternary (include "meetvo.fullname" .) "default" .Values.serviceAccount.create }}
{{- .Values.serviceAccount.name | default $default }}
{{- end }}

{{/* Parts of both pods that choose nodes and pull the image. */}}
{{- define "meetvo.scheduling" -}}
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* Egress rules for DNS and PostgreSQL, which the service and the migration need. */}}
{{- define "meetvo.databaseEgress" -}}
- ports:
    - protocol: UDP
      port: 53
    - protocol: TCP
      port: 53
{{- if eq .Values.database.engine "postgresql" }}
- ports:
    - protocol: TCP
      port: {{ .Values.networkPolicy.database.port }}
  {{- with .Values.networkPolicy.database.to }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
{{- with .Values.networkPolicy.extraEgress }}
{{ toYaml . }}
{{- end }}
{{- end }}
