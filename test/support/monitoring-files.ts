import { readFileSync } from 'node:fs';

export const ALERTS = 'deploy/prometheus/alerts.yml';
export const ALERT_TESTS = 'deploy/prometheus/alerts.test.yml';
export const DASHBOARD = 'deploy/grafana/onetime-gateway.json';

export interface Alert {
  readonly name: string;
  readonly expression: string;
  readonly runbook: string;
}

/** The alerts of the rule file, which `promtool` has checked: one key on each line. */
export function alerts(): Alert[] {
  return readFileSync(ALERTS, 'utf8')
    .split(/^\s+- alert: /m)
    .slice(1)
    .map((text) => ({
      name: /^\w+/.exec(text)?.[0] ?? '',
      expression: /^\s+expr: ([^]*?)^\s+(?:for|labels):/m.exec(text)?.[1] ?? '',
      runbook: /^\s+runbook_url: (\S+)$/m.exec(text)?.[1] ?? '',
    }));
}

interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
}

/** The queries of the dashboard, as Grafana sends them for every region and five minutes. */
export function dashboardQueries(): string[] {
  const { panels } = JSON.parse(readFileSync(DASHBOARD, 'utf8')) as { readonly panels: Panel[] };
  return panels
    .flatMap(({ targets = [] }) => targets.map(({ expr }) => expr))
    .map((expr) => expr.replaceAll('$region', '.*').replaceAll('$__rate_interval', '5m'));
}

/** The metrics that a query names, each with the labels that it selects by. */
export function metricsOf(query: string): { readonly name: string; readonly labels: string[] }[] {
  const found = query.matchAll(/\b((?:gateway|nodejs|process)_\w+)(?:\{([^}]*)\})?/g);
  return [...found].map(([, name = '', selector = '']) => ({
    name: name.replace(/_bucket$/, ''),
    labels: [...selector.matchAll(/(\w+)\s*(?:=|!=|=~|!~)"/g)].map(([, label = '']) => label),
  }));
}

/** The anchors of a Markdown file, as its host makes them from headings. */
export function anchorsOf(path: string): Set<string> {
  const headings = readFileSync(path, 'utf8').matchAll(/^#+ (.+)$/gm);
  return new Set(
    [...headings].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\- _]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}
