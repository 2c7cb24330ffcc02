{{/* The name of a Service has no dot and begins with a letter, which Helm does not ask of a release. */}}
{{- define "gateway.name" -}}
{{- if not (regexMatch "^[a-z][-a-z0-9]*$" .Release.Name) -}}
{{- fail (printf "the release %s: begin its name with a letter, and go on with letters, digits and hyphens" .Release.Name) -}}
{{- end -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- end }}

{{- define "gateway.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end }}

{{- define "gateway.labels" -}}
{{ include "gateway.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | quote }}
{{- end }}

{{- define "gateway.image" -}}
{{ printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) | quote }}
{{- end }}

{{- define "gateway.databaseCluster" -}}
{{/* CloudNativePG takes 50 characters. */ -}}
{{ include "gateway.name" . | trunc 39 | trimSuffix "-" }}-postgresql
{{- end }}

{{- define "gateway.podSecurity" -}}
runAsNonRoot: true
runAsUser: 900
runAsGroup: 900
fsGroup: 900
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "gateway.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{- define "gateway.nameserverPort" -}}
{{ default "5353" .Values.env.GATEWAY_NAMESERVER_PORT }}
{{- end }}

{{/* Where the image listens, unless env says otherwise. */}}
{{- define "gateway.bind" -}}
{{ default "::" .Values.env.GATEWAY_BIND }}
{{- end }}

{{/* Both families only where the gateway listens on both: a balancer's other address would lead to nobody. */}}
{{- define "gateway.families" -}}
{{ ternary "PreferDualStack" "SingleStack" (or (eq . "::") (and (contains "." .) (contains ":" .))) }}
{{- end }}

{{/* The environment of every container. Secrets are references. */}}
{{- define "gateway.env" -}}
{{- $region := upper .Values.region -}}
{{- if and .Values.regions (not (has .Values.region .Values.regions)) }}
{{- fail "regions: every region of the fleet, that of the release too" }}
{{- end }}
{{- $values := dict
  "GATEWAY_BASE_DOMAIN" .Values.baseDomain
  "GATEWAY_REGIONS" (join "," (default (list .Values.region) .Values.regions))
  "GATEWAY_SERVE_REGIONS" .Values.region
  "GATEWAY_PUBLIC_HTTPS_PORT" "443"
  (printf "GATEWAY_INGRESS_IPS_%s" $region) (join "," .Values.ingressIps)
  "GATEWAY_ACME_DIRECTORY" .Values.acme.directory
-}}
{{- with .Values.acme.email }}{{- $_ := set $values "GATEWAY_ACME_EMAIL" . }}{{- end }}
{{- with .Values.proxyProtocolFrom }}{{- $_ := set $values "GATEWAY_PROXY_PROTOCOL_FROM" (join "," .) }}{{- end }}
{{- with .Values.nameserver.names }}
{{- $_ := set $values (printf "GATEWAY_NAMESERVERS_%s" $region) (join "," .) }}
{{- $_ := set $values "GATEWAY_NAMESERVER_PORT" (include "gateway.nameserverPort" $) }}
{{- end }}
{{- with .Values.smtp.from }}{{- $_ := set $values "GATEWAY_MAIL_FROM" . }}{{- end }}
{{- range $name, $value := merge (deepCopy .Values.env) $values }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
- name: GATEWAY_ROOT_KEY_{{ $region }}
  valueFrom:
    secretKeyRef:
      name: {{ .Values.rootKey.secretName | quote }}
      key: {{ .Values.rootKey.secretKey | quote }}
- name: GATEWAY_DATABASE_URL_{{ $region }}
  valueFrom:
    secretKeyRef:
{{- if .Values.postgresql.enabled }}
      name: {{ include "gateway.databaseCluster" . }}-app
      key: uri
{{- else }}
      name: {{ required "database.secretName: the Secret with the URL of the database, or postgresql.enabled" .Values.database.secretName | quote }}
      key: {{ .Values.database.secretKey | quote }}
{{- end }}
{{- with .Values.acme.externalAccountSecretName }}
- name: GATEWAY_ACME_EAB_KID
  valueFrom:
    secretKeyRef:
      name: {{ . | quote }}
      key: kid
- name: GATEWAY_ACME_EAB_HMAC
  valueFrom:
    secretKeyRef:
      name: {{ . | quote }}
      key: hmac
{{- end }}
{{- with .Values.smtp.secretName }}
- name: GATEWAY_SMTP_URL
  valueFrom:
    secretKeyRef:
      name: {{ . | quote }}
      key: {{ $.Values.smtp.secretKey | quote }}
{{- end }}
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}
