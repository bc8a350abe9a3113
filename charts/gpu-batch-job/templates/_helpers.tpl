{{/*
The name of this release's objects, at most 63 characters.
*/}}
{{- define "gpu-batch-job.fullname" -}}
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
{{- define "gpu-batch-job.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" | quote }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service | quote }}
{{- include "gpu-batch-job.selectorLabels" . | nindent 0 }}
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
{{- define "gpu-batch-job.selectorLabels" -}}
app.kubernetes.io/name: {{ .Chart.Name | trunc 63 | trimSuffix "-" | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end }}

{{/*
The Job's name: it ends in a hash of what runs, which can't change.
*/}}
{{- define "gpu-batch-job.jobName" -}}
{{- printf
    "%s-%s"
    (include "gpu-batch-job.fullname" . | replace "." "-" | trunc 42 | trimSuffix "-")
    (list
      "2"
      (ternary
        "a2b9253dc29cd93d39e4dcd39d19b4620b9e1ed578fc1e5f3d2565cd3bc39d31"
        ""
        (or (gt (len .Values.memoryLadder) 0) (eq .Values.capacity "spot-then-on-demand")))
      (include "gpu-batch-job.fullname" .)
      .Values.image.repository
      .Values.image.tag
      .Values.image.digest
      .Values.image.pullPolicy
      .Values.command
      .Values.args
      .Values.gpus
      .Values.accelerator
      .Values.pool
      .Values.resources.requests.cpu
      .Values.resources.requests.memory
      .Values.resources.requests.ephemeralStorage
      .Values.resources.limits.cpu
      .Values.resources.limits.memory
      .Values.resources.limits.ephemeralStorage
      .Values.distributed.enabled
      .Values.distributed.kind
      .Values.distributed.nodes
      .Values.distributed.port
      .Values.distributed.communication.gradientMegabytes
      .Values.distributed.communication.stepMilliseconds
      .Values.distributed.communication.networkGigabits
      .Values.sharedMemory
      .Values.imagePullSecrets
      .Values.env
      .Values.secretEnv
      .Values.envFromConfigMaps
      .Values.envFromSecrets
      .Values.config
      .Values.configPath
      .Values.datasets
      .Values.gcsFuse.enabled
      .Values.gcsFuse.cpu
      .Values.gcsFuse.memory
      .Values.gcsFuse.ephemeralStorage
      .Values.scratch
      .Values.tmpSizeLimit
      .Values.extraVolumes
      .Values.extraVolumeMounts
      .Values.nodeSelector
      .Values.tolerations
      .Values.affinity
      .Values.priorityClassName
      .Values.serviceAccount.create
      .Values.serviceAccount.name
      .Values.serviceAccount.annotations
      .Values.securityContext.runAsUser
      .Values.securityContext.runAsGroup
      .Values.securityContext.fsGroup
      .Values.securityContext.readOnlyRootFilesystem
      .Values.podLabels
      .Values.podAnnotations
      .Values.completions
      .Values.completionMode
      .Values.backoffLimitPerIndex
      .Values.fatalExitCodes
      .Values.memoryLadder
      .Values.capacity
      .Values.supervisor.image.repository
      .Values.supervisor.image.tag
      .Values.supervisor.image.digest
      .Values.supervisor.image.pullPolicy
      .Values.supervisor.interruptionLimit
      .Values.supervisor.onDemandPool
      .Values.activeDeadlineSeconds
      .Values.checkpoint.enabled
      .Values.checkpoint.claim
      .Values.checkpoint.dataset
      .Values.checkpoint.path
      .Values.checkpoint.subPath
      .Values.terminationGracePeriodSeconds
      .Values.doNotDisrupt
      (ternary
        (printf
          "%d%s"
          (int .Values.backoffLimit)
          (ternary
            (printf
              "%s:%s@%s %s"
              .Values.distributed.startTogether.image.repository
              .Values.distributed.startTogether.image.tag
              (.Values.distributed.startTogether.image.digest | default "")
              .Values.distributed.startTogether.image.pullPolicy)
            ""
            .Values.distributed.startTogether.enabled))
        ""
        .Values.distributed.enabled)
    | toJson | sha256sum | trunc 8) }}
{{- end }}

{{/*
What runs: the spec of a Job.
*/}}
{{- define "gpu-batch-job.jobSpec" -}}
{{- if .Values.distributed.enabled }}
parallelism: {{ .Values.distributed.nodes }}
completions: {{ .Values.distributed.nodes }}
completionMode: Indexed
{{- if ne .Values.distributed.kind "job" }}
backoffLimit: 0
{{- else }}
backoffLimitPerIndex: {{ .Values.backoffLimit }}
{{- end }}
{{- if eq .Values.distributed.kind "job" }}
maxFailedIndexes: 0
{{- end }}
{{- else }}
parallelism: {{ .Values.parallelism }}
{{- with .Values.completions }}
completions: {{ . }}
{{- end }}
completionMode: {{ .Values.completionMode }}
{{- if eq .Values.backoffLimitPerIndex nil }}
backoffLimit: {{ .Values.backoffLimit }}
{{- else }}
backoffLimitPerIndex: {{ .Values.backoffLimitPerIndex }}
{{- end }}
{{- if ne .Values.maxFailedIndexes nil }}
maxFailedIndexes: {{ .Values.maxFailedIndexes }}
{{- end }}
{{- end }}
podFailurePolicy:
  rules:
    - action: {{ ternary "FailJob" "Ignore" (and .Values.distributed.enabled (ne .Values.distributed.kind "job")) | quote }}
      onPodConditions:
        - type: DisruptionTarget
          status: "True"
    {{- if .Values.memoryLadder }}
    - action: FailJob
      onExitCodes:
        containerName: main
        operator: In
        values:
          - 137
      onPodConditions: []
    {{- end }}
    {{- range $code := .Values.fatalExitCodes }}
    - action: FailJob
      onExitCodes:
        containerName: {{ ternary "node" "main" (and $.Values.distributed.enabled (eq $.Values.distributed.kind "trainjob")) | quote }}
        operator: In
        values:
          - {{ $code }}
      onPodConditions: []
    {{- end }}
podReplacementPolicy: Failed
{{- with .Values.activeDeadlineSeconds }}
activeDeadlineSeconds: {{ int . }}
{{- end }}
{{- if and (or (not .Values.distributed.enabled) (eq .Values.distributed.kind "job")) (ne .Values.ttlSecondsAfterFinished nil) }}
ttlSecondsAfterFinished: {{ int .Values.ttlSecondsAfterFinished }}
{{- end }}
template:
  metadata:
    labels:
      {{- include "gpu-batch-job.selectorLabels" . | nindent 6 }}
      {{- with omit .Values.podLabels "app.kubernetes.io/name" "app.kubernetes.io/instance" }}
      {{- toYaml . | nindent 6 }}
      {{- end }}
    {{- if or
        .Values.config
        .Values.gcsFuse.enabled
        .Values.doNotDisrupt
        (omit
          .Values.podAnnotations
          "checksum/config"
          "gke-gcsfuse/cpu-limit"
          "gke-gcsfuse/cpu-request"
          "gke-gcsfuse/ephemeral-storage-limit"
          "gke-gcsfuse/ephemeral-storage-request"
          "gke-gcsfuse/memory-limit"
          "gke-gcsfuse/memory-request"
          "gke-gcsfuse/volumes"
          "cluster-autoscaler.kubernetes.io/safe-to-evict"
          "karpenter.sh/do-not-disrupt") }}
    annotations:
      {{- if .Values.config }}
      checksum/config: {{ .Values.config | toJson | sha256sum | quote }}
      {{- end }}
      {{- if .Values.gcsFuse.enabled }}
      gke-gcsfuse/volumes: "true"
      {{- with .Values.gcsFuse.cpu }}
      gke-gcsfuse/cpu-request: {{ . | quote }}
      gke-gcsfuse/cpu-limit: {{ . | quote }}
      {{- end }}
      {{- with .Values.gcsFuse.memory }}
      gke-gcsfuse/memory-request: {{ . | quote }}
      gke-gcsfuse/memory-limit: {{ . | quote }}
      {{- end }}
      {{- with .Values.gcsFuse.ephemeralStorage }}
      gke-gcsfuse/ephemeral-storage-request: {{ . | quote }}
      gke-gcsfuse/ephemeral-storage-limit: {{ . | quote }}
      {{- end }}
      {{- end }}
      {{- if .Values.doNotDisrupt }}
      {{- if .Values.activeDeadlineSeconds }}
      karpenter.sh/do-not-disrupt: {{ printf "%ds" (int .Values.activeDeadlineSeconds) | quote }}
      {{- else }}
      karpenter.sh/do-not-disrupt: "true"
      {{- end }}
      cluster-autoscaler.kubernetes.io/safe-to-evict: "false"
      {{- end }}
      {{- range $key, $value := omit
          .Values.podAnnotations
          "checksum/config"
          "gke-gcsfuse/cpu-limit"
          "gke-gcsfuse/cpu-request"
          "gke-gcsfuse/ephemeral-storage-limit"
          "gke-gcsfuse/ephemeral-storage-request"
          "gke-gcsfuse/memory-limit"
          "gke-gcsfuse/memory-request"
          "gke-gcsfuse/volumes"
          "cluster-autoscaler.kubernetes.io/safe-to-evict"
          "karpenter.sh/do-not-disrupt" }}
      {{ $key | quote }}: {{ $value | quote }}
      {{- end }}
    {{- end }}
  spec:
    serviceAccountName: {{ .Values.serviceAccount.name | default (ternary (include "gpu-batch-job.fullname" .) "default" .Values.serviceAccount.create) | quote }}
    automountServiceAccountToken: false
    enableServiceLinks: false
    securityContext:
      runAsNonRoot: true
      {{- with .Values.securityContext.runAsUser }}
      runAsUser: {{ int . }}
      {{- end }}
      {{- with .Values.securityContext.runAsGroup }}
      runAsGroup: {{ int . }}
      {{- end }}
      {{- with .Values.securityContext.fsGroup }}
      fsGroup: {{ int . }}
      fsGroupChangePolicy: OnRootMismatch
      {{- end }}
      seccompProfile:
        type: RuntimeDefault
    {{- if .Values.imagePullSecrets }}
    imagePullSecrets:
      {{- range $secret := .Values.imagePullSecrets }}
      - name: {{ $secret | quote }}
      {{- end }}
    {{- end }}
    {{- with .Values.priorityClassName }}
    priorityClassName: {{ . | quote }}
    {{- end }}
    {{- if and .Values.distributed.enabled .Values.distributed.startTogether.enabled }}
    initContainers:
      - name: await-ranks
        {{- if .Values.distributed.startTogether.image.digest }}
        image: {{ printf "%s:%s@%s" .Values.distributed.startTogether.image.repository .Values.distributed.startTogether.image.tag .Values.distributed.startTogether.image.digest | quote }}
        {{- else }}
        image: {{ printf "%s:%s" .Values.distributed.startTogether.image.repository .Values.distributed.startTogether.image.tag | quote }}
        {{- end }}
        imagePullPolicy: {{ .Values.distributed.startTogether.image.pullPolicy }}
        command:
          - python3
          - "-c"
          - "\"\"\"Ends when every rank has a name, which a pod gets with its machine. An init container carries it as it stands.\"\"\"\n\nimport os\nimport signal\nimport socket\nimport sys\nimport time\n\nPOLL_SECONDS = 5\n\n\ndef is_there(name: str) -> bool:\n    try:\n        return bool(socket.getaddrinfo(name, None))\n    except OSError:\n        return False\n\n\ndef main() -> None:\n    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))\n    job, service, nodes = os.environ[\"PODZOL_JOB_NAME\"], os.environ[\"SERVICE\"], int(os.environ[\"NODES\"])\n    names = [f\"{job}-{rank}.{service}\" for rank in range(nodes)]\n    while missing := [name for name in names if not is_there(name)]:\n        print(f\"waiting for {len(missing)} of {nodes} ranks, such as {missing[0]}\", flush=True)\n        time.sleep(POLL_SECONDS)\n    print(f\"all {nodes} ranks are there\", flush=True)\n\n\nif __name__ == \"__main__\":\n    main()\n"
        env:
          - name: PODZOL_JOB_NAME
            valueFrom:
              fieldRef:
                fieldPath: "metadata.labels['batch.kubernetes.io/job-name']"
          - name: SERVICE
            value: {{ printf "%s-ranks" (include "gpu-batch-job.fullname" . | trunc 57 | trimSuffix "-") | quote }}
          - name: NODES
            value: {{ .Values.distributed.nodes | quote }}
        resources:
          requests:
            cpu: "10m"
            memory: "32Mi"
          limits:
            memory: "32Mi"
        securityContext:
          allowPrivilegeEscalation: false
          capabilities:
            drop:
              - ALL
          readOnlyRootFilesystem: {{ .Values.securityContext.readOnlyRootFilesystem }}
    {{- end }}
    {{- if .Values.distributed.enabled }}
    subdomain: {{ printf "%s-ranks" (include "gpu-batch-job.fullname" . | trunc 57 | trimSuffix "-") | quote }}
    {{- end }}
    restartPolicy: Never
    terminationGracePeriodSeconds: {{ .Values.terminationGracePeriodSeconds }}
    containers:
      - name: {{ ternary "node" "main" (and .Values.distributed.enabled (eq .Values.distributed.kind "trainjob")) | quote }}
        {{- if .Values.image.digest }}
        image: {{ printf "%s:%s@%s" .Values.image.repository .Values.image.tag .Values.image.digest | quote }}
        {{- else }}
        image: {{ printf "%s:%s" .Values.image.repository .Values.image.tag | quote }}
        {{- end }}
        imagePullPolicy: {{ .Values.image.pullPolicy }}
        {{- with .Values.command }}
        command:
          {{- range . }}
          - {{ . | quote }}
          {{- end }}
        {{- end }}
        {{- with .Values.args }}
        args:
          {{- range . }}
          - {{ . | quote }}
          {{- end }}
        {{- end }}
        {{- if or .Values.checkpoint.enabled .Values.distributed.enabled .Values.env .Values.secretEnv }}
        env:
          {{- if .Values.checkpoint.enabled }}
          - name: PODZOL_CHECKPOINT_DIR
            value: {{ .Values.checkpoint.path | quote }}
          {{- end }}
          {{- if .Values.distributed.enabled }}
          - name: PODZOL_JOB_NAME
            valueFrom:
              fieldRef:
                fieldPath: "metadata.labels['batch.kubernetes.io/job-name']"
          - name: MASTER_ADDR
            value: {{ printf "$(PODZOL_JOB_NAME)-0.%s-ranks" (include "gpu-batch-job.fullname" . | trunc 57 | trimSuffix "-") | quote }}
          - name: MASTER_PORT
            value: {{ .Values.distributed.port | quote }}
          - name: WORLD_SIZE
            value: {{ .Values.distributed.nodes | quote }}
          - name: RANK
            valueFrom:
              fieldRef:
                fieldPath: "metadata.annotations['batch.kubernetes.io/job-completion-index']"
          - name: PET_NNODES
            value: {{ .Values.distributed.nodes | quote }}
          - name: PET_NODE_RANK
            valueFrom:
              fieldRef:
                fieldPath: "metadata.annotations['batch.kubernetes.io/job-completion-index']"
          - name: PET_NPROC_PER_NODE
            value: {{ .Values.gpus | quote }}
          - name: PET_MASTER_ADDR
            value: {{ printf "$(PODZOL_JOB_NAME)-0.%s-ranks" (include "gpu-batch-job.fullname" . | trunc 57 | trimSuffix "-") | quote }}
          - name: PET_MASTER_PORT
            value: {{ .Values.distributed.port | quote }}
          - name: JAX_COORDINATOR_ADDRESS
            value: {{ printf "$(PODZOL_JOB_NAME)-0.%s-ranks:%d" (include "gpu-batch-job.fullname" . | trunc 57 | trimSuffix "-") (int .Values.distributed.port) | quote }}
          - name: JAX_NUM_PROCESSES
            value: {{ .Values.distributed.nodes | quote }}
          - name: JAX_PROCESS_ID
            valueFrom:
              fieldRef:
                fieldPath: "metadata.annotations['batch.kubernetes.io/job-completion-index']"
          {{- end }}
          {{- range $name, $value := .Values.env }}
          - name: {{ $name | quote }}
            value: {{ $value | quote }}
          {{- end }}
          {{- range $name, $ref := .Values.secretEnv }}
          - name: {{ $name | quote }}
            valueFrom:
              secretKeyRef:
                name: {{ $ref.secret | quote }}
                key: {{ $ref.key | quote }}
          {{- end }}
        {{- end }}
        {{- if or .Values.envFromConfigMaps .Values.envFromSecrets }}
        envFrom:
          {{- range $configMap := .Values.envFromConfigMaps }}
          - configMapRef:
              name: {{ $configMap | quote }}
          {{- end }}
          {{- range $secret := .Values.envFromSecrets }}
          - secretRef:
              name: {{ $secret | quote }}
          {{- end }}
        {{- end }}
        resources:
          requests:
            cpu: {{ .Values.resources.requests.cpu | toYaml }}
            memory: {{ .Values.resources.requests.memory | quote }}
            {{- with .Values.resources.requests.ephemeralStorage }}
            ephemeral-storage: {{ . | quote }}
            {{- end }}
            nvidia.com/gpu: {{ .Values.gpus }}
          limits:
            {{- with .Values.resources.limits.cpu }}
            cpu: {{ . | toYaml }}
            {{- end }}
            memory: {{ .Values.resources.limits.memory | default .Values.resources.requests.memory | quote }}
            {{- with .Values.resources.limits.ephemeralStorage }}
            ephemeral-storage: {{ . | quote }}
            {{- end }}
            nvidia.com/gpu: {{ .Values.gpus }}
        securityContext:
          allowPrivilegeEscalation: false
          capabilities:
            drop:
              - ALL
          readOnlyRootFilesystem: {{ .Values.securityContext.readOnlyRootFilesystem }}
        volumeMounts:
          - name: tmp
            mountPath: /tmp
          {{- if .Values.config }}
          - name: config
            mountPath: {{ .Values.configPath | quote }}
            readOnly: true
          {{- end }}
          {{- range $dataset := .Values.datasets }}
          - name: {{ printf "dataset%s" ($dataset.path | replace "/" "-" | replace "_" "-" | replace "." "-" | lower) | quote }}
            mountPath: {{ $dataset.path | quote }}
            {{- with $dataset.subPath }}
            subPath: {{ . | quote }}
            {{- end }}
            {{- if $dataset.readOnly }}
            readOnly: true
            {{- end }}
          {{- end }}
          {{- range $scratch := .Values.scratch }}
          - name: {{ printf "scratch%s" ($scratch.path | replace "/" "-" | replace "_" "-" | replace "." "-" | lower) | quote }}
            mountPath: {{ $scratch.path | quote }}
          {{- end }}
          {{- if .Values.sharedMemory }}
          - name: shared-memory
            mountPath: /dev/shm
          {{- end }}
          {{- with .Values.extraVolumeMounts }}
          {{- toYaml . | nindent 10 }}
          {{- end }}
          {{- if .Values.checkpoint.enabled }}
          - name: checkpoints
            mountPath: {{ .Values.checkpoint.path | quote }}
            {{- with .Values.checkpoint.subPath }}
            subPath: {{ . | quote }}
            {{- end }}
          {{- end }}
    volumes:
      {{- if .Values.checkpoint.enabled }}
      - name: checkpoints
        persistentVolumeClaim:
          {{- if .Values.checkpoint.claim }}
          claimName: {{ .Values.checkpoint.claim | quote }}
          {{- else }}
          claimName: {{ ternary .Release.Name (printf "%s-%s" .Release.Name (.Values.checkpoint.dataset | default "") | trunc 63 | trimSuffix "-") (contains (.Values.checkpoint.dataset | default "") .Release.Name) | quote }}
          {{- end }}
      {{- end }}
      - name: tmp
        emptyDir:
          sizeLimit: {{ .Values.tmpSizeLimit | quote }}
      {{- if .Values.config }}
      - name: config
        configMap:
          name: {{ printf "%s-config" (include "gpu-batch-job.fullname" . | trunc 56 | trimSuffix "-") | quote }}
      {{- end }}
      {{- range $dataset := .Values.datasets }}
      - name: {{ printf "dataset%s" ($dataset.path | replace "/" "-" | replace "_" "-" | replace "." "-" | lower) | quote }}
        {{- if $dataset.gcsBucket }}
        csi:
          driver: gcsfuse.csi.storage.gke.io
          {{- if $dataset.readOnly }}
          readOnly: true
          {{- end }}
          volumeAttributes:
            bucketName: {{ $dataset.gcsBucket | quote }}
            mountOptions: implicit-dirs
        {{- else }}
        persistentVolumeClaim:
          {{- if $dataset.claim }}
          claimName: {{ $dataset.claim | quote }}
          {{- else }}
          claimName: {{ ternary $.Release.Name (printf "%s-%s" $.Release.Name ($dataset.dataset | default "") | trunc 63 | trimSuffix "-") (contains ($dataset.dataset | default "") $.Release.Name) | quote }}
          {{- end }}
          {{- if $dataset.readOnly }}
          readOnly: true
          {{- end }}
        {{- end }}
      {{- end }}
      {{- range $scratch := .Values.scratch }}
      - name: {{ printf "scratch%s" ($scratch.path | replace "/" "-" | replace "_" "-" | replace "." "-" | lower) | quote }}
        emptyDir:
          sizeLimit: {{ $scratch.sizeLimit | quote }}
      {{- end }}
      {{- if .Values.sharedMemory }}
      - name: shared-memory
        emptyDir:
          medium: Memory
          sizeLimit: {{ .Values.sharedMemory | quote }}
      {{- end }}
      {{- with .Values.extraVolumes }}
      {{- toYaml . | nindent 6 }}
      {{- end }}
    {{- if or
        .Values.pool
        (ne .Values.capacity "any")
        .Values.accelerator
        (omit .Values.nodeSelector "podzol.dev/pool" "podzol.dev/capacity-type" "podzol.dev/accelerator") }}
    nodeSelector:
      {{- with .Values.pool }}
      podzol.dev/pool: {{ . | quote }}
      {{- end }}
      {{- if ne .Values.capacity "any" }}
      podzol.dev/capacity-type: {{ ternary "spot" .Values.capacity (eq .Values.capacity "spot-then-on-demand") | quote }}
      {{- end }}
      {{- with .Values.accelerator }}
      podzol.dev/accelerator: {{ . | quote }}
      {{- end }}
      {{- with omit .Values.nodeSelector "podzol.dev/pool" "podzol.dev/capacity-type" "podzol.dev/accelerator" }}
      {{- toYaml . | nindent 6 }}
      {{- end }}
    {{- end }}
    tolerations:
      - key: nvidia.com/gpu
        operator: Exists
        effect: NoSchedule
      {{- if or (eq .Values.capacity "spot") (eq .Values.capacity "spot-then-on-demand") }}
      - key: cloud.google.com/gke-spot
        operator: Equal
        value: "true"
        effect: NoSchedule
      {{- end }}
      {{- with .Values.tolerations }}
      {{- toYaml . | nindent 6 }}
      {{- end }}
    {{- with .Values.affinity }}
    affinity:
      {{- toYaml . | nindent 6 }}
    {{- end }}
{{- end }}

{{/*
What supervises: the spec of a run's Job.
*/}}
{{- define "gpu-batch-job.supervisorSpec" -}}
parallelism: 1
completions: 1
backoffLimit: 6
podFailurePolicy:
  rules:
    - action: Ignore
      onPodConditions:
        - type: DisruptionTarget
          status: "True"
    - action: FailJob
      onExitCodes:
        containerName: supervisor
        operator: In
        values:
          - 42
      onPodConditions: []
podReplacementPolicy: Failed
{{- if ne .Values.ttlSecondsAfterFinished nil }}
ttlSecondsAfterFinished: {{ int .Values.ttlSecondsAfterFinished }}
{{- end }}
template:
  metadata:
    labels:
      app.kubernetes.io/component: supervisor
      app.kubernetes.io/instance: {{ .Release.Name | quote }}
    annotations:
      cluster-autoscaler.kubernetes.io/safe-to-evict: "true"
      checksum/program: a2b9253dc29cd93d39e4dcd39d19b4620b9e1ed578fc1e5f3d2565cd3bc39d31
  spec:
    serviceAccountName: {{ printf "%s-supervisor" (include "gpu-batch-job.fullname" . | trunc 52 | trimSuffix "-") | quote }}
    automountServiceAccountToken: true
    enableServiceLinks: false
    securityContext:
      runAsNonRoot: true
      {{- with .Values.securityContext.runAsUser }}
      runAsUser: {{ int . }}
      {{- end }}
      {{- with .Values.securityContext.runAsGroup }}
      runAsGroup: {{ int . }}
      {{- end }}
      {{- with .Values.securityContext.fsGroup }}
      fsGroup: {{ int . }}
      fsGroupChangePolicy: OnRootMismatch
      {{- end }}
      seccompProfile:
        type: RuntimeDefault
    {{- if .Values.imagePullSecrets }}
    imagePullSecrets:
      {{- range $secret := .Values.imagePullSecrets }}
      - name: {{ $secret | quote }}
      {{- end }}
    {{- end }}
    {{- with .Values.priorityClassName }}
    priorityClassName: {{ . | quote }}
    {{- end }}
    restartPolicy: Never
    containers:
      - name: supervisor
        {{- if .Values.supervisor.image.digest }}
        image: {{ printf "%s:%s@%s" .Values.supervisor.image.repository .Values.supervisor.image.tag .Values.supervisor.image.digest | quote }}
        {{- else }}
        image: {{ printf "%s:%s" .Values.supervisor.image.repository .Values.supervisor.image.tag | quote }}
        {{- end }}
        imagePullPolicy: {{ .Values.supervisor.image.pullPolicy }}
        command:
          - python3
          - "-B"
          - /opt/podzol/supervisor.py
        env:
          - name: RUN
            valueFrom:
              fieldRef:
                fieldPath: "metadata.labels['batch.kubernetes.io/job-name']"
          - name: TEMPLATE
            value: {{ include "gpu-batch-job.jobName" . | quote }}
          {{- if .Values.memoryLadder }}
          - name: MEMORY_LADDER
            value: {{ join "," .Values.memoryLadder | quote }}
          {{- end }}
          {{- if eq .Values.capacity "spot-then-on-demand" }}
          - name: INTERRUPTION_LIMIT
            value: {{ .Values.supervisor.interruptionLimit | quote }}
          {{- end }}
          {{- if .Values.supervisor.onDemandPool }}
          - name: ON_DEMAND_POOL
            value: {{ .Values.supervisor.onDemandPool | quote }}
          {{- end }}
        resources:
          requests:
            cpu: "10m"
            memory: "64Mi"
          limits:
            memory: "64Mi"
        securityContext:
          allowPrivilegeEscalation: false
          capabilities:
            drop:
              - ALL
          readOnlyRootFilesystem: {{ .Values.securityContext.readOnlyRootFilesystem }}
        volumeMounts:
          - name: program
            mountPath: /opt/podzol
            readOnly: true
    volumes:
      - name: program
        configMap:
          name: {{ printf "%s-supervisor" (include "gpu-batch-job.fullname" . | trunc 52 | trimSuffix "-") | quote }}
{{- end }}

{{/*
The CronJob's name, at most 52 characters.
*/}}
{{- define "gpu-batch-job.cronJobName" -}}
{{- if eq (include "gpu-batch-job.fullname" . | replace "." "-" | trunc 49 | trimSuffix "-") (include "gpu-batch-job.fullname" .) }}
{{- include "gpu-batch-job.fullname" . | replace "." "-" | trunc 49 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" (include "gpu-batch-job.fullname" . | replace "." "-" | trunc 40 | trimSuffix "-") (include "gpu-batch-job.fullname" . | toJson | sha256sum | trunc 8) }}
{{- end }}
{{- end }}

{{/*
The thousandths of a core of a quantity: include "gpu-batch-job.millicoresOf" "1.5"
*/}}
{{- define "gpu-batch-job.millicoresOf" -}}
{{- if hasSuffix "m" (toString .) -}}
{{- trimSuffix "m" . -}}
{{- else -}}
{{- mulf . 1000 | int64 -}}
{{- end -}}
{{- end }}

{{/*
The bytes of a quantity: include "gpu-batch-job.bytesOf" "512Mi"
*/}}
{{- define "gpu-batch-job.bytesOf" -}}
{{- $units := dict "" 1 "k" 1000 "M" 1000000 "G" 1000000000 "T" 1000000000000 "Ki" 1024 "Mi" 1048576 "Gi" 1073741824 "Ti" 1099511627776 -}}
{{- $unit := get $units (regexFind "[a-zA-Z]*$" .) -}}
{{- mul (min (regexFind "[1-9][0-9]*" .) (div 9007199254740991 $unit)) $unit -}}
{{- end }}

{{/*
Whether each quantity of bytes is greater than the one before: true, or nothing
*/}}
{{- define "gpu-batch-job.rising" -}}
{{- $rising := true -}}
{{- $before := -1 -}}
{{- range . -}}
{{- $bytes := include "gpu-batch-job.bytesOf" . | int64 -}}
{{- $rising = and $rising (gt $bytes $before) -}}
{{- $before = $bytes -}}
{{- end -}}
{{- if $rising -}}
true
{{- end -}}
{{- end }}
