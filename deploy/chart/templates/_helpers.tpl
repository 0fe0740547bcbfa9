{{- define "finestreta.name" -}}
{{- if contains "finestreta" .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}{{ else }}{{ printf "%s-finestreta" .Release.Name | trunc 50 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "finestreta.selector" -}}
app.kubernetes.io/name: finestreta
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end }}

{{- define "finestreta.labels" -}}
{{ include "finestreta.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service | quote }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name (.Chart.Version | replace "+" "_") | quote }}
{{- end }}

{{- define "finestreta.image" -}}
{{- if .Values.image.digest }}{{ printf "%s@%s" .Values.image.repository .Values.image.digest | quote }}
{{- else }}{{ printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) | quote }}{{ end }}
{{- end }}

{{/* The variables of all processes. Secrets are files, which are in no environment and no `kubectl describe`. */}}
{{- define "finestreta.env" -}}
- { name: BASE_URL, value: {{ .Values.baseUrl | quote }} }
- { name: TRUSTED_PROXIES, value: {{ .Values.trustedProxies | quote }} }
- { name: TOWN_FILE, value: /etc/finestreta/town.yaml }
- { name: DATABASE_URL_FILE, value: /run/secrets/finestreta/DATABASE_URL }
- { name: INSTALLATION_KEY_FILE, value: /run/secrets/finestreta/INSTALLATION_KEY }
- { name: SMTP_URL_FILE, value: /run/secrets/finestreta/SMTP_URL }
- { name: S3_BUCKET, value: {{ .Values.s3.bucket | quote }} }
{{- with .Values.s3.endpoint }}
- { name: S3_ENDPOINT, value: {{ . | quote }} }
{{- end }}
{{- with .Values.s3.region }}
- { name: S3_REGION, value: {{ . | quote }} }
{{- end }}
- { name: S3_ACCESS_KEY_ID_FILE, value: /run/secrets/finestreta/S3_ACCESS_KEY_ID }
- { name: S3_SECRET_ACCESS_KEY_FILE, value: /run/secrets/finestreta/S3_SECRET_ACCESS_KEY }
{{- range $name, $_ := .Values.secrets.more }}
- { name: {{ $name }}_FILE, value: /run/secrets/finestreta/{{ $name }} }
{{- end }}
{{- range $name, $value := .Values.env }}
- { name: {{ $name }}, value: {{ $value | quote }} }
{{- end }}
{{- end }}

{{- define "finestreta.containerSecurity" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
{{- end }}

{{- define "finestreta.mounts" -}}
- { name: data, mountPath: /data }
- { name: tmp, mountPath: /tmp }
- { name: town, mountPath: /etc/finestreta, readOnly: true }
- { name: secrets, mountPath: /run/secrets/finestreta, readOnly: true }
{{- end }}

{{- define "finestreta.pod" -}}
metadata:
  labels:
    {{- include "finestreta.labels" .root | nindent 4 }}
    app.kubernetes.io/component: {{ .role }}
spec:
  automountServiceAccountToken: false
  enableServiceLinks: false
  terminationGracePeriodSeconds: 60
  securityContext:
    runAsNonRoot: true
    runAsUser: 60999
    runAsGroup: 60999
    fsGroup: 60999
    seccompProfile: { type: RuntimeDefault }
  {{- with .root.Values.image.pullSecrets }}
  imagePullSecrets:
    {{- range . }}
    - name: {{ . }}
    {{- end }}
  {{- end }}
  {{- with .root.Values.nodeSelector }}
  nodeSelector: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .root.Values.tolerations }}
  tolerations: {{- toYaml . | nindent 4 }}
  {{- end }}
  topologySpreadConstraints:
    - maxSkew: 1
      topologyKey: kubernetes.io/hostname
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "finestreta.selector" .root | nindent 10 }}
          app.kubernetes.io/component: {{ .role }}
  {{- if not .root.Values.shut }}
  initContainers:
    # The owner's login is here only. Several pods may do it at once.
    - name: migrate
      image: {{ include "finestreta.image" .root }}
      imagePullPolicy: {{ .root.Values.image.pullPolicy }}
      args: [migrate]
      {{- include "finestreta.containerSecurity" .root | nindent 6 }}
      env:
        {{- include "finestreta.env" .root | nindent 8 }}
        - { name: DATABASE_OWNER_URL_FILE, value: /run/secrets/owner/DATABASE_OWNER_URL }
      resources: {{- toYaml .workload.resources | nindent 8 }}
      volumeMounts:
        {{- include "finestreta.mounts" .root | nindent 8 }}
        - { name: owner, mountPath: /run/secrets/owner, readOnly: true }
  {{- end }}
  containers:
    - name: {{ .role }}
      image: {{ include "finestreta.image" .root }}
      imagePullPolicy: {{ .root.Values.image.pullPolicy }}
      args: [{{ if .root.Values.shut }}shut{{ else }}serve{{ end }}]
      {{- include "finestreta.containerSecurity" .root | nindent 6 }}
      env:
        {{- include "finestreta.env" .root | nindent 8 }}
        - { name: ROLES, value: {{ .role }} }
        - { name: DATABASE_POOL, value: {{ .workload.databasePool | quote }} }
        # In which time the cluster learns that a pod ends. A preStop hook that sleeps would not have the pod say so.
        - { name: DRAIN_SECONDS, value: {{ .root.Values.web.drainSeconds | quote }} }
      {{- if eq .role "web" }}
      ports:
        - { name: http, containerPort: 3000 }
      # Probes come without the town's name; these two addresses answer under any.
      startupProbe:
        httpGet: { path: /readyz, port: http }
        periodSeconds: 2
        failureThreshold: 60
      readinessProbe:
        httpGet: { path: /readyz, port: http }
        periodSeconds: 5
        timeoutSeconds: 5
      # Not the database: a pod that is killed because of it brings no database back.
      livenessProbe:
        httpGet: { path: /healthz, port: http }
        periodSeconds: 10
        timeoutSeconds: 5
        failureThreshold: 6
      {{- end }}
      resources: {{- toYaml .workload.resources | nindent 8 }}
      volumeMounts:
        {{- include "finestreta.mounts" .root | nindent 8 }}
  volumes:
    - { name: data, emptyDir: { sizeLimit: 1Gi } }
    - { name: tmp, emptyDir: { sizeLimit: 512Mi } }
    - name: town
      configMap: { name: {{ .root.Values.town.configMap }} }
    - name: owner
      secret:
        secretName: {{ .root.Values.secrets.databaseOwner.name }}
        defaultMode: 0440
        items: [{ key: {{ .root.Values.secrets.databaseOwner.key }}, path: DATABASE_OWNER_URL }]
    - name: secrets
      projected:
        defaultMode: 0440
        sources:
          {{- $own := dict "DATABASE_URL" .root.Values.secrets.database "INSTALLATION_KEY" .root.Values.secrets.installationKey "SMTP_URL" .root.Values.secrets.smtp }}
          {{- range $name, $secret := merge $own .root.Values.secrets.more }}
          - secret: { name: {{ $secret.name }}, items: [{ key: {{ $secret.key }}, path: {{ $name }} }] }
          {{- end }}
          - secret:
              name: {{ .root.Values.s3.secret }}
              items:
                - { key: accessKeyId, path: S3_ACCESS_KEY_ID }
                - { key: secretAccessKey, path: S3_SECRET_ACCESS_KEY }
{{- end }}
