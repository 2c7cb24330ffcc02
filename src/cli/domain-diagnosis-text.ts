import type { Diagnosis, DnsRecordAdvice, Issue } from '../domains/diagnosis/diagnosis.js';
import { formatTable } from './text-layout.js';

/** What is wrong with a domain, and the records that it needs beside those that were found. */
export function diagnosisText({ issues, records }: Diagnosis): string {
  const found = issues.length === 0 ? ['\nNo issues.'] : issues.map(issueText);
  const table = records.length === 0 ? [] : [`\n${formatTable(records.map(recordRow))}`];
  return [...found, ...table].join('\n');
}

function issueText({ severity, code, title, detail, fix, owner }: Issue): string {
  return `\n${severity}: ${code}, ${title}\n  ${detail}\n  ${fix.summary} (${owner})`;
}

function recordRow({ fqdn, type, desired, observed, status, action }: DnsRecordAdvice) {
  return {
    record: `${fqdn} ${type}`,
    status,
    action,
    wanted: valuesText(desired),
    found: valuesText(observed),
  };
}

function valuesText(values: readonly string[]): string {
  return values.length === 0 ? '-' : values.join(' ');
}
