import type { MetricObjectWithValues, MetricValue } from 'prom-client';
import type { Region } from '../config/region.js';
import type { Hostname } from '../shared/hostname.js';

/** The values of a registry, as prom-client's `getMetricsAsJSON()` gives them. */
export type MetricValues = MetricObjectWithValues<MetricValue<string>>[];

export interface CellReadiness {
  readonly region: Region;
  /** `serving`, `starting`, or what keeps the cell from serving. */
  readonly state: string;
  readonly without_certificate?: readonly Hostname[];
}

export interface Readiness {
  readonly isReady: boolean;
  readonly cells: readonly CellReadiness[];
  /** Only where workers serve: how many of them do. */
  readonly workers?: { readonly serving: number; readonly configured: number };
}

export const PERMISSIONS = ['served', 'not served', 'nobody can say'] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** What the ops listener answers with: of this process, or of all workers together. */
export interface OpsAnswers {
  readiness(): Promise<Readiness>;
  metrics(): Promise<MetricValues[]>;
  /** Whether a proxy in front may get a certificate for the name. */
  permission(hostname: Hostname): Promise<Permission>;
}
