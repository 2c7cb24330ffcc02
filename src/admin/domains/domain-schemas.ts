import { z } from 'zod';
import { issueSchema, recordSchema } from '../../api/domains/domain-answers.js';
import { presentIssues } from '../../api/domains/domain-presenter.js';
import { toSnakeCase } from '../../api/domains/snake-case.js';
import { CERTIFICATE_STATES } from '../../certificates/certificate-state.js';
import type {
  AdministeredDomain,
  AdministeredPair,
} from '../../certificates/domain-administration.service.js';
import type { CertificateReport } from '../../certificates/stores/certificate-report.store.js';
import type { Hold } from '../../certificates/stores/issuance-interventions.store.js';
import type { Domain } from '../../domains/domain.js';
import { OWNERSHIP_STATES } from '../../domains/ownership.js';
import { ROUTING_STATES } from '../../domains/routing.js';
import { instant, instantOrNull, isoOrNull } from '../admin-schemas.js';

export const domainSchema = z
  .object({
    id: z.string(),
    hostname: z.string(),
    account_id: z.uuid(),
    ownership: z.enum(OWNERSHIP_STATES),
    verified_at: instantOrNull,
    routing: z.enum(ROUTING_STATES),
    pointed_at: instantOrNull,
    checked_at: instantOrNull,
    next_check_at: instantOrNull,
    plan_lapsed_at: instantOrNull,
    blocked: z
      .object({ since: instant, reason: z.string() })
      .nullable()
      .meta({ description: 'The block of the name; its owner reads the reason.' }),
    created_at: instant,
  })
  .meta({ id: 'Domain', description: 'One account’s claim to a name.' });

export const secondNameSchema = z.object({ id: z.string(), hostname: z.string() }).nullable().meta({
  id: 'SecondName',
  description: 'The second name of its pair, to which the same was done; null: there was none.',
});

export const certificateSchema = z
  .object({
    hostname: z.string(),
    state: z.enum(CERTIFICATE_STATES),
    source: z.enum(['acme', 'local', 'uploaded']),
    ca: z.string().nullable(),
    serial: z.string().nullable(),
    not_after: instantOrNull,
    renew_at: instantOrNull,
    next_at: instantOrNull.meta({ description: 'When it is worked on; null: never.' }),
    held_by: z.enum(['none', 'rate_limit', 'backoff', 'ca_down']),
    attempts: z.int().meta({ description: 'Failed in a row.' }),
    problem: z.object({ type: z.string(), detail: z.string() }).nullable(),
  })
  .meta({ id: 'Certificate' });

export const administeredSchema = z
  .object({
    domain: domainSchema,
    certificate: certificateSchema.nullable(),
    issues: z.array(issueSchema).meta({ description: 'As the owner sees them, the worst first.' }),
    records: z
      .array(recordSchema)
      .meta({ description: 'The records that the domain needs, and what the last check found.' }),
  })
  .meta({ id: 'AdministeredDomain' });

export const transferredSchema = domainSchema
  .extend({ second: secondNameSchema })
  .meta({ id: 'TransferredDomain', description: 'The domain, of its new account.' });

type DomainAnswer = z.infer<typeof domainSchema>;
type CertificateAnswer = z.infer<typeof certificateSchema>;

export function presentDomain(domain: Domain): DomainAnswer {
  const { blockedAt, blockReason } = domain;
  return {
    id: domain.extid,
    hostname: domain.hostname,
    account_id: domain.accountId,
    ownership: domain.ownership,
    verified_at: isoOrNull(domain.verifiedAt),
    routing: domain.routing,
    pointed_at: isoOrNull(domain.pointedAt),
    checked_at: isoOrNull(domain.checkedAt),
    next_check_at: isoOrNull(domain.nextCheckAt),
    plan_lapsed_at: isoOrNull(domain.planLapsedAt),
    blocked:
      blockedAt === null ? null : { since: blockedAt.toISOString(), reason: blockReason ?? '' },
    created_at: domain.createdAt.toISOString(),
  };
}

export function presentSecond(second: Domain | null): z.infer<typeof secondNameSchema> {
  return second && { id: second.extid, hostname: second.hostname };
}

export function presentTransferred({
  domain,
  second,
}: AdministeredPair): z.infer<typeof transferredSchema> {
  return { ...presentDomain(domain), second: presentSecond(second) };
}

export function presentCertificate(report: CertificateReport): CertificateAnswer {
  const { hostname, state, source, ca, serial, heldBy, attempts, problem } = report;
  return {
    hostname,
    state,
    source,
    ca,
    serial,
    not_after: isoOrNull(report.notAfter),
    renew_at: isoOrNull(report.renewAt),
    next_at: isoOrNull(report.nextAt),
    held_by: heldBy,
    attempts,
    problem: problem && { type: problem.type, detail: problem.detail },
  };
}

export function presentHold({ until, ...hold }: Hold) {
  return { ...hold, until: until.toISOString() };
}

export function presentAdministered({ domain, certificate, diagnosis }: AdministeredDomain) {
  return {
    domain: presentDomain(domain),
    certificate: certificate && presentCertificate(certificate),
    issues: presentIssues(diagnosis, domain.checkedAt),
    records: diagnosis.records.map(toSnakeCase),
  };
}
