import type { ComponentChildren } from 'preact';
import type { DomainEventRecord } from '../../../domains/domain-event.js';
import type { Finding } from '../../../setup/setup-findings.js';
import type { CertificateLine, SetupView } from '../../../setup/setup-view.js';
import type { SetupStep } from '../../../setup/setup-state.js';
import { Button, Disclosure, Notice } from '../../frame/components.js';
import { useTexts } from '../../frame/frame.js';
import type { MessageKey } from '../../messages/catalogues.js';
import { hasText } from '../../messages/messages.js';
import { CsrfField } from '../../frame/fields.js';
import { When } from '../../frame/when.js';
import { ConnectOffer, PanelHint } from './connect-offer.js';
import { Dated, StateBadge, useIsolated } from './parts.js';
import { FindingText, OtherRecords, RecordCard } from './record-card.js';

interface SetupContentProps {
  readonly view: SetupView;
  /** `/domains/cd…` or `/setup/TOKEN`: its events and its check are below. */
  readonly path: string;
  /** What only the owner has. */
  readonly children?: ComponentChildren;
}

/** The set-up of one claim. The script replaces it by the same part of the page, loaded again, whenever it has moved. */
export function SetupContent({ view, path, children }: SetupContentProps) {
  const texts = useTexts();
  return (
    <>
      <p class="unseen" role="status" data-announce="" />
      <div
        class="setup"
        data-live={`${path}/events`}
        data-version={view.version}
        data-watching={isChecked(view) ? texts('setup.checking') : ''}
        data-unwatched={texts('setup.noLive')}
      >
        <Headline view={view} />
        <MoveNotice move={view.move} />
        <Steps steps={view.steps} />
        <ConnectOffer view={view} />
        <ToChange view={view} />
        <Ahead view={view} />
        <Findings view={view} />
        <CheckForm view={view} path={path} />
        <Others view={view} />
        <Certificate line={view.certificate} />
        <Events events={view.events} />
      </div>
      {children}
    </>
  );
}

/** The state of a move between regions, and what to do next. */
export function MoveNotice({ move }: Pick<SetupView, 'move'>) {
  const texts = useTexts();
  if (move === null) return null;
  const key = `move.${move.direction}.${move.state === 'accepted' ? 'preparing' : move.state}`;
  if (!hasText(key)) return null;
  const tone = move.state === 'switched' ? 'good' : 'wait';
  return <Notice tone={tone}>{texts(key, { region: move.region })}</Notice>;
}

/** Claims that are being set up are checked every few seconds while somebody watches. */
function isChecked({ state, steps }: SetupView): boolean {
  const open = steps.filter(({ state: step }) => step !== 'done').map(({ name }) => name);
  return state !== 'ended' && (open.includes('proof') || open.includes('routing'));
}

function Headline({ view }: { readonly view: SetupView }) {
  const texts = useTexts();
  const { state, name, toChange, servingSince, endsAt } = view;
  const isolated = useIsolated();
  const values = { ...isolated({ name }), count: toChange.length };
  return (
    <div class="headline">
      <p>
        <StateBadge state={state} />
      </p>
      <p data-headline="">
        <strong>{texts(`setup.headline.${state}`, values)}</strong>
      </p>
      {servingSince !== null && (
        <p class="quiet">
          <Dated text="setup.since" at={servingSince} />
        </p>
      )}
      {endsAt !== null && (
        <p class="quiet">
          <Dated text="setup.endsAt" at={endsAt} />
        </p>
      )}
    </div>
  );
}

export function Steps({ steps }: { readonly steps: readonly SetupStep[] }) {
  const texts = useTexts();
  return (
    <ol class="steps" aria-label={texts('setup.steps')}>
      {steps.map(({ name, state }) => (
        <li key={name} class={state}>
          {texts(`setup.step.${name}`)}
          <span class="quiet">{texts(`setup.${state}`)}</span>
        </li>
      ))}
    </ol>
  );
}

function ToChange({ view }: { readonly view: SetupView }) {
  const texts = useTexts();
  const { toChange, findings, zone } = view;
  const isolated = useIsolated();
  if (toChange.length === 0) return null;
  return (
    <section>
      <h2>{texts('setup.change', isolated({ zone }))}</h2>
      <PanelHint panel={view.panel} />
      <ol class="records">
        {toChange.map((line) => (
          <RecordCard
            key={line.ref}
            line={line}
            findings={findings.filter((finding) => isAbout(finding, line.ref))}
          />
        ))}
      </ol>
    </section>
  );
}

/** The record that is worth making first, and needs not be made. */
function Ahead({ view: { ahead, findings } }: { readonly view: SetupView }) {
  const texts = useTexts();
  if (ahead === null) return null;
  return (
    <section>
      <h2>{texts('setup.ahead')}</h2>
      <ul class="records">
        <RecordCard
          line={ahead}
          findings={findings.filter((finding) => isAbout(finding, ahead.ref))}
        />
      </ul>
    </section>
  );
}

/** The cards say by themselves that nobody has looked yet. */
function isAbout({ code, recordRef }: Finding, ref: number): boolean {
  return recordRef === ref && code !== 'NOT_CHECKED';
}

/** Those that are on no card. */
function Findings({ view }: { readonly view: SetupView }) {
  const texts = useTexts();
  const { findings, toChange, ahead } = view;
  const cards = ahead === null ? toChange : [...toChange, ahead];
  const others = findings.filter(
    (finding) => finding.code !== 'NOT_CHECKED' && !cards.some(({ ref }) => isAbout(finding, ref)),
  );
  if (others.length === 0) return null;
  return (
    <section>
      <h2>{texts('setup.findings')}</h2>
      <ul class="findings">
        {others.map((finding) => (
          <li key={finding.code} class={finding.severity}>
            <span class="quiet">{texts(`setup.severity.${finding.severity}`)}</span>
            <FindingText finding={finding} />
            {finding.nextAt !== null && (
              <p class="quiet">
                <Dated text="setup.nextTry" at={finding.nextAt} />
              </p>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

type CheckFormProps = Pick<SetupContentProps, 'view' | 'path'>;

function CheckForm({ view, path }: CheckFormProps) {
  const texts = useTexts();
  if (view.state === 'ended') return null;
  return (
    <form method="post" action={`${path}/check`} class="check">
      <CsrfField />
      <Button kind="second">{texts('setup.check')}</Button>
      <p class="quiet">
        {view.checkedAt === null ? (
          texts('setup.neverChecked')
        ) : (
          <Dated text="setup.checkedAt" at={view.checkedAt} />
        )}{' '}
        <span data-live-note="" />
      </p>
    </form>
  );
}

function Others({ view }: { readonly view: SetupView }) {
  const texts = useTexts();
  const { otherRecords } = view;
  if (otherRecords.length === 0) return null;
  const areRight = otherRecords.every(({ action }) => action === 'keep');
  return (
    <Disclosure summary={texts(areRight ? 'setup.right' : 'setup.otherRecords')}>
      <OtherRecords lines={otherRecords} />
    </Disclosure>
  );
}

function Certificate({ line }: { readonly line: CertificateLine }) {
  const texts = useTexts();
  const isUploaded = line.source === 'uploaded' && line.isServable;
  return (
    <section>
      <h2>{texts('setup.certificate')}</h2>
      <p>{texts(isUploaded ? 'setup.certificate.uploaded' : `setup.certificate.${line.state}`)}</p>
      {line.isServable && (
        <ul class="plain quiet">
          {line.ca !== null && line.source === 'acme' && (
            <li>{texts('setup.certificate.issuer', { ca: line.ca })}</li>
          )}
          {line.notAfter !== null && (
            <li>
              <Dated text="setup.certificate.until" at={line.notAfter} />
            </li>
          )}
          {line.renewAfter !== null && !isUploaded && (
            <li>
              <Dated text="setup.certificate.renews" at={line.renewAfter} />
            </li>
          )}
        </ul>
      )}
    </section>
  );
}

function Events({ events }: { readonly events: readonly DomainEventRecord[] }) {
  const texts = useTexts();
  if (events.length === 0) return null;
  return (
    <Disclosure summary={texts('setup.events')}>
      <ol class="lines">
        {events.map(({ id, at, axis, type }) => (
          <li key={id}>
            <p>{texts(eventText(`event.${axis}.${type}`))}</p>
            <p class="quiet">
              <When at={at} />
            </p>
          </li>
        ))}
      </ol>
    </Disclosure>
  );
}

/** An event of a newer release has no text yet. */
function eventText(key: string): MessageKey {
  return hasText(key) ? key : 'setup.event.other';
}
