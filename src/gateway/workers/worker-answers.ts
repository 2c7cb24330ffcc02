import type { Registry } from 'prom-client';
import type { Region } from '../../config/region.js';
import type { Hostname } from '../../shared/hostname.js';
import type {
  CellReadiness,
  MetricValues,
  OpsAnswers,
  Permission,
  Readiness,
} from '../ops-answers.js';
import { toAggregate, type EndedCounts } from './merged-metrics.js';
import type { WorkerProcess } from './worker-process.js';

interface Sources {
  readonly configured: number;
  readonly served: readonly Region[];
  /** Those that have not ended. */
  readonly workers: () => readonly WorkerProcess[];
  /** The supervisor's own metrics. */
  readonly own: Registry;
  readonly ended: EndedCounts;
}

/** What all workers together say of themselves. */
export class WorkerAnswers implements OpsAnswers {
  constructor(private readonly sources: Sources) {}

  /** Ready when at least one worker serves. A region serves when it does in all of those that take requests. */
  async readiness(): Promise<Readiness> {
    const { configured, served, workers } = this.sources;
    const serving = workers().filter(({ isServing }) => isServing);
    const asked = serving.length > 0 ? serving : workers();
    const said = await Promise.all(asked.map((worker) => worker.ask('readiness', null)));
    const answers = said.filter((answer) => answer !== null);
    return {
      isReady: serving.length > 0 && answers.some(({ isReady }) => isReady),
      workers: { serving: serving.length, configured },
      cells: served.map((region) => mergedCell(region, answers)),
    };
  }

  /** A worker that does not answer in time has what it said last. */
  async metrics(): Promise<MetricValues[]> {
    const { ended, own, workers } = this.sources;
    const asked = workers();
    await Promise.all(asked.map((worker) => worker.ask('metrics', null)));
    // Read in one go: a worker that has ended meanwhile is among the ended.
    const live = workers().filter((worker) => asked.includes(worker));
    const counted = [...ended.values, ...live.flatMap(({ lastMetrics }) => lastMetrics)];
    return toAggregate([await own.getMetricsAsJSON(), ...counted]);
  }

  async permission(hostname: Hostname): Promise<Permission> {
    const serving = this.sources.workers().filter(({ isServing }) => isServing);
    const asked = serving.map(async (worker) => {
      const answer = await worker.ask('permission', hostname);
      if (answer === null || answer === 'nobody can say') throw new Error('the worker cannot say');
      return answer;
    });
    // The first that knows: one that hangs is not waited for.
    return Promise.any(asked).catch(() => 'nobody can say');
  }
}

/** As the first worker says in which the region does not serve: one request in so many meets it. */
function mergedCell(region: Region, answers: readonly Readiness[]): CellReadiness {
  const said = answers.flatMap(({ cells }) => cells).filter((cell) => cell.region === region);
  return said.find(({ state }) => state !== 'serving') ?? said[0] ?? { region, state: 'starting' };
}
