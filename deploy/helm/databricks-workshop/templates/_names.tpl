{{- define "workshop.name" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "workshop.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "workshop.labels" -}}
{{ include "workshop.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "workshop.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- .Values.serviceAccount.name | default (include "workshop.name" .) -}}
{{- else -}}
{{- .Values.serviceAccount.name | default "default" -}}
{{- end -}}
{{- end -}}

{{- define "workshop.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}
{{- printf "%s@%s" .repository .digest -}}
{{- else -}}
{{- printf "%s:%s" .repository (.tag | default $.Chart.AppVersion) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* Wrong together, and found out here and not by a pod that waits for ever. */ -}}
{{- define "workshop.sanity" -}}
{{- with .Values -}}
{{- $several := gt (int .worker.replicas) 1 -}}
{{- if and $several .persistence.enabled (ne .persistence.accessMode "ReadWriteMany") -}}
{{- fail "Several workers cannot share a ReadWriteOnce volume: set persistence.accessMode to ReadWriteMany, persistence.enabled to false, or worker.replicas to 1." -}}
{{- end -}}
{{- if and (or .temporal.tls.serverCa .temporal.tls.client) (not .temporal.tls.existingSecret) -}}
{{- fail "temporal.tls.serverCa and temporal.tls.client read a Secret: name it in temporal.tls.existingSecret." -}}
{{- end -}}
{{- if and .web.enabled (not .keys.existingSecret) -}}
{{- fail "The room's pages need WORKSHOP_LINK_KEY, which seals their links: name the Secret that has it in keys.existingSecret." -}}
{{- end -}}
{{- if ne (empty .web.identityHeader) (empty .web.trustedProxies) -}}
{{- fail "Who is signed in is believed only from a proxy: set web.identityHeader and web.trustedProxies together." -}}
{{- end -}}
{{- if and .metrics.prometheusRule.enabled (not .metrics.prometheusRule.rules) -}}
{{- fail "There are no rules: add --set-file metrics.prometheusRule.rules=deploy/monitoring/alerts.yaml." -}}
{{- end -}}
{{- end -}}
{{- end -}}
