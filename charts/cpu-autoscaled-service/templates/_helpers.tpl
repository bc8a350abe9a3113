{{/*
The name of this release's objects, at most 63 characters.
*/}}
{{- define "cpu-autoscaled-service.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else if contains (.Values.nameOverride | default .Chart.Name) .Release.Name }}
{{- .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (.Values.nameOverride | default .Chart.Name) | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{/*
Labels of every object.
*/}}
{{- define "cpu-autoscaled-service.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" | quote }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service | quote }}
{{- include "cpu-autoscaled-service.selectorLabels" . | nindent 0 }}
{{- with omit
    .Values.labels
    "helm.sh/chart"
    "app.kubernetes.io/version"
    "app.kubernetes.io/managed-by"
    "app.kubernetes.io/name"
    "app.kubernetes.io/instance" }}
{{- toYaml . | nindent 0 }}
{{- end }}
{{- end }}

{{/*
Labels that tell the objects of this release. Selectors can't change: add nothing here.
*/}}
{{- define "cpu-autoscaled-service.selectorLabels" -}}
app.kubernetes.io/name: {{ .Chart.Name | trunc 63 | trimSuffix "-" | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end }}

{{/*
The Service's name: it starts with a letter.
*/}}
{{- define "cpu-autoscaled-service.serviceName" -}}
{{- if contains (include "cpu-autoscaled-service.fullname" . | replace "." "-" | trunc 1) "0123456789" }}
{{- printf "s-%s" (include "cpu-autoscaled-service.fullname" . | replace "." "-") | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- include "cpu-autoscaled-service.fullname" . | replace "." "-" }}
{{- end }}
{{- end }}

{{/*
The thousandths of a core of a quantity: include "cpu-autoscaled-service.millicoresOf" "1.5"
*/}}
{{- define "cpu-autoscaled-service.millicoresOf" -}}
{{- if hasSuffix "m" (toString .) -}}
{{- trimSuffix "m" . -}}
{{- else -}}
{{- mulf . 1000 | int64 -}}
{{- end -}}
{{- end }}

{{/*
The bytes of a quantity: include "cpu-autoscaled-service.bytesOf" "512Mi"
*/}}
{{- define "cpu-autoscaled-service.bytesOf" -}}
{{- $units := dict "" 1 "k" 1000 "M" 1000000 "G" 1000000000 "T" 1000000000000 "Ki" 1024 "Mi" 1048576 "Gi" 1073741824 "Ti" 1099511627776 -}}
{{- $unit := get $units (regexFind "[a-zA-Z]*$" .) -}}
{{- mul (min (regexFind "[1-9][0-9]*" .) (div 9007199254740991 $unit)) $unit -}}
{{- end }}
