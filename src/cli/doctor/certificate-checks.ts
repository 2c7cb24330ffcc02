import type { DataSource } from 'typeorm';
import { CertificateReportStore } from '../../certificates/stores/certificate-report.store.js';
import { Statements } from '../../database/statements.js';
import { bad, good, note, type Finding } from './finding.js';

const NAMES_MAX = 5;
const LATE = '15 minutes';

interface Counts {
  readonly valid: number;
  readonly due: number;
  readonly late: number;
  readonly holds: number;
}

// Each count stops: a region may have a million names.
const COUNTS = `
  select
    (select count(*)::int from (select from certificates
      where superseded_at is null and not_after > now() limit 5000) as found) as valid,
    (select count(*)::int from (select from issuances
      where next_at <= now() limit 5000) as found) as due,
    (select count(*)::int from (select from issuances
      where next_at < now() - interval '${LATE}' limit 5000) as found) as late,
    (select count(*)::int from ca_holds where until > now()) as holds`;

/** Certificates that are due and that fail. */
export async function checkCertificates(database: DataSource): Promise<Finding[]> {
  const [counts] = await database.query<[Counts]>(COUNTS);
  const { certificates } = await new CertificateReportStore(new Statements(database)).list({
    filter: 'failing',
    withinSeconds: 0,
    limit: NAMES_MAX,
    cursor: null,
  });
  const stored = `${counts.valid === 5000 ? 'over 5000' : counts.valid} valid certificates are stored, ${counts.due} names are due now`;
  const failing = certificates.map(({ hostname, state, problem }) =>
    bad(
      `${hostname} is ${state}: ${problem?.detail ?? 'no problem was stored'}`,
      `gateway domain show --name ${hostname} says what to do; gateway certificate list --failing has all`,
    ),
  );
  const late =
    counts.late > 0
      ? [
          bad(
            `${counts.late} names have been due for over ${LATE}`,
            'start a gateway of the region; if one runs, its log says what keeps it from issuing',
          ),
        ]
      : [];
  const holds =
    counts.holds > 0
      ? [
          note(
            `${counts.holds} holds keep a CA from being asked`,
            'gateway certificate holds says why and until when',
          ),
        ]
      : [];
  return [good(stored), ...failing, ...late, ...holds];
}
