import type { DnsZone, ZoneRecordType } from '../../src/dns/dns-zone.js';
import type { Template, TemplateRecord } from '../../src/domains/connect/templates.js';

interface Written {
  readonly name: string;
  readonly type: ZoneRecordType;
}

export interface ApplyModes {
  readonly isStateful: boolean;
  readonly ignoresGroups: boolean;
}

/** What a new record removes at its name, by the published rules; TXT has a rule of its own. */
const CONFLICTS: Readonly<Record<TemplateRecord['type'], readonly ZoneRecordType[]>> = {
  CNAME: ['A', 'AAAA', 'TXT', 'MX', 'CNAME'],
  A: ['A', 'AAAA', 'CNAME'],
  AAAA: ['A', 'AAAA', 'CNAME'],
  TXT: ['CNAME'],
};

/** Applies templates to a zone as a DNS provider does. */
export class AppliedTemplates {
  readonly #written = new Map<string, Written[]>();

  constructor(private readonly zone: DnsZone) {}

  apply(template: Template, parameters: URLSearchParams, modes: ApplyModes): void {
    const domain = parameters.get('domain') ?? '';
    const host = parameters.get('host') ?? '';
    if (template.hostRequired === true && host === '') throw new Error('the host is required');
    const groups = modes.ignoresGroups ? null : (parameters.get('groupId')?.split(',') ?? null);
    const records = template.records
      .filter(({ groupId }) => groups === null || groups.includes(groupId))
      .map((record) => resolved(record, parameters, host === '' ? domain : `${host}.${domain}`));
    const instance = `${template.serviceId} ${host}.${domain}`;
    if (modes.isStateful)
      for (const { name, type } of this.#written.get(instance) ?? []) this.zone.clear(name, type);
    // All that is in the way goes first: the records of one template do not remove each other.
    for (const record of records) this.#makeRoom(record);
    for (const { name, type, value } of records)
      this.zone.set(name, type, [...this.#valuesAt(name, type), value]);
    this.#written.set(instance, records);
  }

  #makeRoom({ name, type, mode }: ResolvedRecord): void {
    for (const other of CONFLICTS[type]) this.zone.clear(name, other);
    if (type === 'TXT' && mode === 'All') this.zone.clear(name, 'TXT');
  }

  #valuesAt(name: string, type: ZoneRecordType): string[] {
    return this.zone
      .list()
      .filter((each) => each.name === name && each.type === type)
      .map(({ value }) => value);
  }
}

interface ResolvedRecord extends Written {
  readonly type: TemplateRecord['type'];
  readonly value: string;
  readonly mode: string;
}

function resolved(
  record: TemplateRecord,
  parameters: URLSearchParams,
  root: string,
): ResolvedRecord {
  const fill = (text: string) =>
    text.replaceAll(/%([a-z]+)%/gi, (_, name: string) => {
      const value = parameters.get(name.toLowerCase());
      if (value === null || value === '') throw new Error(`no value for ${name}`);
      return value;
    });
  const host = fill(record.host);
  return {
    name: host === '@' ? root : `${host}.${root}`,
    type: record.type,
    value: fill(record.pointsTo ?? record.data ?? ''),
    mode: record.txtConflictMatchingMode ?? 'None',
  };
}
