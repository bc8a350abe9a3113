{{/*
The volume's name, unique in the cluster: namespace and claim.
*/}}
{{- define "dataset-volume.volumeName" -}}
{{- printf "%s.%s" .Release.Namespace (include "dataset-volume.claimName" .) }}
{{- end }}

{{/*
The claim's name, which workloads mount.
*/}}
{{- define "dataset-volume.claimName" -}}
{{- .Values.claimName | default (include "dataset-volume.fullname" .) }}
{{- end }}

{{/*
The name of this release's objects, at most 63 characters.
*/}}
{{- define "dataset-volume.fullname" -}}
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
{{- define "dataset-volume.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" | quote }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service | quote }}
{{- include "dataset-volume.selectorLabels" . | nindent 0 }}
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
{{- define "dataset-volume.selectorLabels" -}}
app.kubernetes.io/name: {{ .Chart.Name | trunc 63 | trimSuffix "-" | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end }}
