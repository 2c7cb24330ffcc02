import { z } from 'zod';
import { CERTIFICATE_STATES } from '../../certificates/certificate-state.js';
import { EVENT_AXES } from '../../domains/domain-event.js';
import { OWNERSHIP_STATES } from '../../domains/ownership.js';
import { DELEGATION_STATES } from '../../domains/delegation.js';
import { setupSchema } from './setup-answers.js';
import { ROUTING_STATES } from '../../domains/routing.js';
import { moveSchema, transferSchema } from './transfer-answers.js';

const instant = z.iso.datetime();
const instantOrNull = instant.nullable();
const unixTime = z.int().meta({ description: 'Seconds since 1970.' });
const details = z.record(z.string(), z.unknown());

/** The id of a domain; null in a dry run, which stores nothing. */
const idOrNull = z.string().nullable();

const certificateSchema = z
  .object({
    state: z.enum(CERTIFICATE_STATES),
    source: z.enum(['acme', 'local', 'uploaded']),
    ca: z.string().nullable(),
    profile: z.string().nullable(),
    serial: z.string().nullable().meta({ description: 'Lower-case hex; null while none serves.' }),
    not_before: instantOrNull,
    not_after: instantOrNull,
    renew_after: instantOrNull.meta({ description: 'When the next certificate is ordered.' }),
    ari: z
      .object({ start: instant, end: instant, explanation: z.string().nullable() })
      .nullable()
      .meta({ description: 'The renewal window that the CA suggests (RFC 9773).' }),
    attempts: z.object({
      count: z.int().meta({ description: 'Failed attempts in a row.' }),
      next_at: instantOrNull,
      held_by: z.enum(['none', 'rate_limit', 'backoff', 'ca_down']),
    }),
    problem: z
      .object({
        type: z.string(),
        status: z.int(),
        detail: z.string(),
        subproblems: z.array(z.object({ type: z.string(), detail: z.string() })),
        ca: z.string().nullable().meta({ description: 'The CA that reported it; else null.' }),
        unpause_url: z.string().nullable(),
      })
      .nullable()
      .meta({ description: 'Why the last attempt failed.' }),
  })
  .meta({ id: 'DomainCertificate' });

export const recordSchema = z
  .object({
    purpose: z.enum(['ownership', 'routing', 'caa', 'certificate']),
    phase: z.enum(['before_switch', 'switch', 'any_time']).meta({
      description: 'When to make it, for a name that is still in use elsewhere.',
    }),
    required: z.boolean(),
    action: z.enum(['add', 'change', 'remove', 'keep']),
    fqdn: z.string(),
    name: z.string().meta({ description: 'Relative to the zone; @ for its apex.' }),
    type: z.string(),
    desired: z.array(z.string()),
    observed: z.array(z.string()),
    ttl_observed: z.int().nullable(),
    status: z
      .enum(['ok', 'missing', 'wrong', 'conflict', 'unreachable', 'unchecked'])
      .meta({ description: 'unchecked: nobody has looked yet.' }),
    provider_hint: z.string().nullable(),
  })
  .meta({ id: 'DomainDnsRecord' });

export const issueSchema = z
  .object({
    code: z.string().meta({ description: 'Stable: for programs.', example: 'TXT_MISSING' }),
    severity: z.enum(['blocking', 'warning', 'info']),
    axis: z.enum(['ownership', 'routing', 'certificate', 'caa']),
    title: z.string(),
    detail: z.string(),
    evidence: details,
    fix: z.object({
      summary: z.string(),
      record_ref: z.int().nullable().meta({ description: 'An index into records.' }),
    }),
    owner: z.enum(['customer', 'operator', 'ca']).meta({ description: 'Who can correct it.' }),
    last_checked: instantOrNull,
  })
  .meta({ id: 'DomainIssue' });

/** Upstream's fields, whose names and types are fixed. */
const upstreamFields = {
  identifier: idOrNull,
  domainid: idOrNull,
  extid: idOrNull,
  display_domain: z.string(),
  base_domain: z.string(),
  subdomain: z.string(),
  trd: z.string(),
  tld: z.string(),
  sld: z.string(),
  is_apex: z.boolean(),
  txt_validation_host: z.string().meta({ description: 'Relative to the zone.' }),
  txt_validation_value: z.string(),
  status: z.enum(['unverified', 'pending', 'resolving', 'verified']),
  vhost: z.object({}),
  vhost_fetch_failed_at: z.null(),
  verified: z.boolean(),
  resolving: z.boolean(),
  created: unixTime,
  updated: unixTime,
  homepage_config: z.object({ enabled: z.boolean() }),
  api_config: z.object({ enabled: z.boolean() }),
  brand: z
    .record(z.string(), z.unknown())
    .meta({ description: 'Only what is set; see DomainBrand.' }),
};

export const domainSchema = z
  .object({
    ...upstreamFields,
    id: idOrNull,
    hostname: z.string(),
    unicode: z.string(),
    zone: z.string(),
    relative_name: z.string(),
    generation: z.int().meta({ description: 'Grows with every change of the claim.' }),
    role: z.enum(['serve', 'redirect']).meta({
      description: 'redirect: the second name of a pair, which leads to the main one.',
    }),
    redirects_to: z.string().nullable().meta({ description: 'The main name of the pair.' }),
    pair: z
      .object({ id: z.string(), hostname: z.string() })
      .nullable()
      .meta({ description: 'The other name of the pair.' }),
    serving: z.object({
      ready: z.boolean(),
      since: instantOrNull,
      blocked_by: z.array(z.enum(['ownership', 'certificate', 'plan', 'operator'])),
    }),
    ownership: z.object({
      state: z.enum(OWNERSHIP_STATES),
      method: z.enum(['txt', 'cname', 'transfer']).nullable(),
      verified_at: instantOrNull,
      expires_at: instantOrNull.meta({ description: 'When an unproven claim ends.' }),
      missing_since: instantOrNull,
      lapsed_at: instantOrNull,
      next_check_at: instantOrNull,
    }),
    routing: z.object({
      state: z.enum(ROUTING_STATES),
      since: instantOrNull,
      pointed_at: instantOrNull,
      target: z.string().nullable().meta({ description: 'The CNAME target; null for an apex.' }),
      addresses: z.array(z.string()),
      checked_at: instantOrNull,
    }),
    delegation: z.object({
      state: z.enum(DELEGATION_STATES).meta({
        description: 'Whether the challenges of the name lead here, by its _acme-challenge record.',
      }),
      since: instantOrNull,
      delegated_at: instantOrNull,
      offered: z.boolean().meta({ description: 'False: do not make the record.' }),
      name: z.string(),
      target: z.string(),
    }),
    certificate: certificateSchema,
    transfer: transferSchema.nullable(),
    move: moveSchema.nullable(),
    records: z.array(recordSchema),
    issues: z.array(issueSchema),
    setup: setupSchema,
    next: z.array(z.object({ action: z.string(), method: z.string(), href: z.string() })),
  })
  .meta({ id: 'Domain' });

const envelopeFields = { user_id: z.string() };

const clusterDetails = z.object({
  cluster: z.object({
    type: z.literal('gateway'),
    proxy_ip: z.string().nullable(),
    proxy_name: z.string(),
    proxy_host: z.string(),
    vhost_target: z.string(),
    validation_strategy: z.literal('acme'),
  }),
});

export const domainAnswerSchema = z.object({
  ...envelopeFields,
  record: domainSchema,
  details: clusterDetails,
});

export const domainsAnswerSchema = z.object({
  ...envelopeFields,
  records: z.array(domainSchema),
  count: z.int().meta({ description: "All of the account's domains, on every page." }),
  next_cursor: z.string().nullable(),
  details: clusterDetails,
});

export const eventsAnswerSchema = z.object({
  ...envelopeFields,
  records: z.array(
    z.object({
      id: z.string(),
      at: instant,
      axis: z.enum(EVENT_AXES),
      type: z.string(),
      detail: details,
    }),
  ),
  count: z.int().meta({ description: 'The events of this page.' }),
  next_cursor: z.string().nullable(),
});

export const homepageConfigAnswerSchema = z.object({
  ...envelopeFields,
  record: z.object({
    domain_id: z.string(),
    enabled: z.boolean(),
    secrets_mode: z.literal('create'),
    effective_enabled: z.boolean(),
  }),
});

export const apiConfigAnswerSchema = z.object({
  ...envelopeFields,
  record: z.object({ domain_id: z.string(), enabled: z.boolean() }),
});

export const removalAnswerSchema = z.object({
  ...envelopeFields,
  record: z.object({}),
  message: z.string(),
  records_to_remove: z
    .array(
      z.object({
        fqdn: z.string(),
        name: z.string().meta({ description: 'Relative to the zone; @ for its apex.' }),
        type: z.string(),
        values: z.array(z.string()),
      }),
    )
    .meta({ description: 'Seen at the last look, and of no use any more.' }),
});

export type CertificateRecord = z.infer<typeof certificateSchema>;
export type IssueRecord = z.infer<typeof issueSchema>;
export type DomainRecord = z.infer<typeof domainSchema>;
export type ClusterDetails = z.infer<typeof clusterDetails>;
export type DomainAnswer = z.infer<typeof domainAnswerSchema>;
export type DomainsAnswer = z.infer<typeof domainsAnswerSchema>;
export type EventsAnswer = z.infer<typeof eventsAnswerSchema>;
export type HomepageConfigAnswer = z.infer<typeof homepageConfigAnswerSchema>;
export type ApiConfigAnswer = z.infer<typeof apiConfigAnswerSchema>;
export type RemovalAnswer = z.infer<typeof removalAnswerSchema>;
