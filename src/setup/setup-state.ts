import { isProven } from '../domains/ownership.js';
import type { DomainView } from './domain-view.js';

/**
 * Where a domain is, in one word, for a badge and a headline:
 * `ended` the claim proves nothing any more · `blocked` by the operator · `conflict` another account has proven the name ·
 * `serving` · `prepared` it would be served, and leads elsewhere until its owner switches it · `attention` it serves, and something has to be mended · `unchecked` nobody has looked yet · `records` the
 * customer has to change records · `certificate` the certificate is on its way · `plan` the plan has no domains ·
 * `waiting` it is ours, or the CA's, to go on.
 */
const SETUP_STATES = [
  'ended',
  'blocked',
  'conflict',
  'serving',
  'prepared',
  'attention',
  'unchecked',
  'records',
  'certificate',
  'plan',
  'waiting',
] as const;
export type SetupState = (typeof SETUP_STATES)[number];

const SETUP_STEPS = ['claim', 'proof', 'routing', 'certificate', 'serving'] as const;
export type SetupStepName = (typeof SETUP_STEPS)[number];

/** `now`: what comes next. `problem`: something is wrong with it. */
export type StepState = 'done' | 'now' | 'todo' | 'problem';

export interface SetupStep {
  readonly name: SetupStepName;
  readonly state: StepState;
}

export function setupStateOf(view: DomainView): SetupState {
  const { domain, diagnosis, serving } = view;
  if (domain.ownership === 'revoked') return 'ended';
  if (domain.blockedAt !== null) return 'blocked';
  const mendable = diagnosis.issues.filter(({ severity }) => severity !== 'info');
  if (serving.ready && mendable.length > 0) return 'attention';
  if (serving.ready) return isReadyToSwitch(view) ? 'prepared' : 'serving';
  if (domain.ownership === 'conflict') return 'conflict';
  if (serving.blockedBy.includes('plan')) return 'plan';
  if (diagnosis.issues.some(({ code }) => code === 'NOT_CHECKED')) return 'unchecked';
  if (mendable.some(({ owner, severity }) => owner === 'customer' && severity === 'blocking'))
    return 'records';
  if (!isProven(domain) || (domain.pointedAt === null && !isDelegated(view)))
    return mendable.some(({ owner }) => owner === 'operator') ? 'waiting' : 'records';
  const isLate = mendable.some(({ axis }) => axis === 'certificate' || axis === 'caa');
  return isLate ? 'waiting' : 'certificate';
}

/** From the claim to serving, in order. Proof and routing can be done at the same time. */
export function setupStepsOf(view: DomainView): SetupStep[] {
  const { domain, certificate, serving } = view;
  const proof = proofStep(domain);
  const routing = routingStep(view);
  const isReadyToIssue = proof === 'done' && (routing === 'done' || isDelegated(view));
  const isLate = certificate.problem !== null || certificate.state === 'blocked';
  const certified: StepState = certificate.isServable
    ? 'done'
    : isReadyToIssue
      ? isLate
        ? 'problem'
        : 'now'
      : 'todo';
  return [
    { name: 'claim', state: domain.ownership === 'revoked' ? 'problem' : 'done' },
    { name: 'proof', state: proof },
    { name: 'routing', state: routing },
    { name: 'certificate', state: certified },
    { name: 'serving', state: serving.ready ? 'done' : 'todo' },
  ];
}

function proofStep(domain: DomainView['domain']): StepState {
  if (domain.ownership === 'verified') return 'done';
  return domain.ownership === 'pending' ? 'now' : 'problem';
}

const ASTRAY = new Set(['elsewhere', 'wrong_region', 'mixed', 'proxied']);

function routingStep(view: DomainView): StepState {
  const { pointedAt, routing } = view.domain;
  if (pointedAt !== null) return 'done';
  return ASTRAY.has(routing) && !isDelegated(view) ? 'problem' : 'now';
}

/** It gets its certificate wherever it leads. */
function isDelegated({ domain, facts }: DomainView): boolean {
  return domain.delegatedAt !== null && facts.expected.delegation.isOffered;
}

function isReadyToSwitch({ diagnosis }: DomainView): boolean {
  return diagnosis.issues.some(({ code }) => code === 'READY_TO_SWITCH');
}
