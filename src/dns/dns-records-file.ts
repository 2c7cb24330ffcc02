import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readIfPresent, replacePrivateFile } from '../shared/atomic-file.js';
import { DnsZone, type ZoneRecordType } from './dns-zone.js';

interface RecordSet {
  readonly name: string;
  readonly type: ZoneRecordType;
  readonly values: readonly string[];
}

/** Development DNS records in the data dir. The command line writes them; the development DNS server reads them. */
export class DnsRecordsFile {
  readonly #path: string;

  constructor(private readonly dataDir: string) {
    this.#path = join(dataDir, 'dns.json');
  }

  read(): DnsZone {
    const zone = new DnsZone();
    const sets = JSON.parse(readIfPresent(this.#path) ?? '[]') as RecordSet[];
    for (const { name, type, values } of sets) zone.set(name, type, values);
    return zone;
  }

  write(zone: DnsZone): void {
    const sets = new Map<string, { name: string; type: ZoneRecordType; values: string[] }>();
    for (const { name, type, value } of zone.list()) {
      const set = sets.get(`${name} ${type}`) ?? { name, type, values: [] };
      set.values.push(value);
      sets.set(`${name} ${type}`, set);
    }
    mkdirSync(this.dataDir, { recursive: true, mode: 0o700 });
    replacePrivateFile(this.#path, `${JSON.stringify([...sets.values()], null, 2)}\n`);
  }
}
