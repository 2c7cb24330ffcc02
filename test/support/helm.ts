import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Model } from '@kubernetes-models/base';
import { Cluster } from '@kubernetes-models/cloudnative-pg/postgresql.cnpg.io/v1/Cluster';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler';
import { Job } from 'kubernetes-models/batch/v1/Job';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { Service } from 'kubernetes-models/v1/Service';
import ts from 'typescript';
import { parseAllDocuments, stringify } from 'yaml';

export const CHART = 'deploy/helm/onetime-gateway';

/** What an API server reads. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly annotations?: Record<string, string> };
  readonly spec: Record<string, unknown>;
}

interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs Helm on these values. It contacts no cluster. */
export function helm(values: object, ...words: string[]): Run {
  const folder = mkdtempSync(join(tmpdir(), 'helm-'));
  try {
    const file = join(folder, 'values.yaml');
    writeFileSync(file, stringify(values));
    const environment = {
      PATH: process.env['PATH'],
      HOME: folder,
      HELM_CACHE_HOME: folder,
      HELM_CONFIG_HOME: folder,
      HELM_DATA_HOME: folder,
    };
    return spawnSync('helm', [...words, '--values', file], { env: environment, encoding: 'utf8' });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The manifests of a release. @throws with Helm's words when it refuses the values */
export function rendered(values: object, release = 'eu'): Manifest[] {
  const { status, stdout, stderr } = helm(values, 'template', release, CHART);
  if (status !== 0) throw new Error(stderr);
  return parseAllDocuments(stdout).flatMap((document) => {
    if (document.errors.length > 0) throw new Error(String(document.errors[0]));
    return (document.toJS() as Manifest | null) ?? [];
  });
}

/** Why there is no Helm here; null when there is. */
export function withoutHelm(): string | null {
  return spawnSync('helm', ['version']).status === 0 ? null : 'helm is missing: .ci/install-helm';
}

type ModelClass = new (data: never) => Model<object>;

/** By kind, the published schema as a validator, and the module that has its type. */
const KINDS: Readonly<Record<string, readonly [ModelClass, string]>> = {
  'apps/v1 Deployment': [Deployment, 'kubernetes-models/apps/v1/Deployment'],
  'autoscaling/v2 HorizontalPodAutoscaler': [
    HorizontalPodAutoscaler,
    'kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler',
  ],
  'batch/v1 Job': [Job, 'kubernetes-models/batch/v1/Job'],
  'networking.k8s.io/v1 NetworkPolicy': [
    NetworkPolicy,
    'kubernetes-models/networking.k8s.io/v1/NetworkPolicy',
  ],
  'policy/v1 PodDisruptionBudget': [
    PodDisruptionBudget,
    'kubernetes-models/policy/v1/PodDisruptionBudget',
  ],
  'postgresql.cnpg.io/v1 Cluster': [
    Cluster,
    '@kubernetes-models/cloudnative-pg/postgresql.cnpg.io/v1/Cluster',
  ],
  'v1 Service': [Service, 'kubernetes-models/v1/Service'],
};

function kindOf({ apiVersion, kind }: Manifest): readonly [ModelClass, string] {
  const found = KINDS[`${apiVersion} ${kind}`];
  if (found === undefined) throw new Error(`no schema for ${apiVersion} ${kind}`);
  return found;
}

/** What the schema of the manifest's kind refuses: missing fields, wrong types and values. It ignores unknown fields. */
export function schemaFault(manifest: Manifest): string | null {
  const [model] = kindOf(manifest);
  try {
    new model(manifest as never).validate();
    return null;
  } catch (error) {
    return `${manifest.kind}: ${String(error)}`;
  }
}

/** What the types of the same schemas refuse: unknown fields too, which an API server drops or refuses. */
export function typeFaults(manifests: readonly Manifest[]): string[] {
  const name = resolve('rendered-manifests.ts');
  const text = manifests
    .map((manifest, index) => {
      const [, module] = kindOf(manifest);
      return `import type { I${manifest.kind} as T${index} } from '${module}';
export const manifest${index}: T${index} = ${JSON.stringify(manifest, null, 1)};`;
    })
    .join('\n');
  const options: ts.CompilerOptions = {
    noEmit: true,
    strict: true,
    skipLibCheck: true,
    types: [],
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
  };
  const host = ts.createCompilerHost(options);
  const withText: ts.CompilerHost = {
    ...host,
    fileExists: (path) => path === name || host.fileExists(path),
    getSourceFile: (path, ...rest) =>
      path === name
        ? ts.createSourceFile(name, text, ts.ScriptTarget.ES2023)
        : host.getSourceFile(path, ...rest),
  };
  const program = ts.createProgram([name], options, withText);
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}
