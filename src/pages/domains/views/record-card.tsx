import type { Finding } from '../../../setup/setup-findings.js';
import type { RecordHint, RecordLine } from '../../../setup/setup-records.js';
import { useTexts } from '../../frame/frame.js';
import { Copyable, useIsolated } from './parts.js';

interface RecordCardProps {
  readonly line: RecordLine;
  /** What is wrong with it. */
  readonly findings: readonly Finding[];
}

/** One record to change: what to do, what is wanted, what was found, and what is wrong. */
export function RecordCard({ line, findings }: RecordCardProps) {
  const texts = useTexts();
  const action = line.foundAt === null ? line.action : 'rename';
  const isPlaceSaid = line.hint?.code === 'place' && findings.some(({ why }) => why === 'place');
  return (
    <li class={`record ${line.status === 'unchecked' ? 'new' : line.status}`}>
      <h3>
        {texts(action === 'keep' ? 'setup.action.change' : `setup.action.${action}`, {
          type: line.type,
        })}
      </h3>
      {findings.map((finding) => (
        <FindingText key={finding.code} finding={finding} isOnCard />
      ))}
      {action === 'remove' && findings.length === 0 && (
        <p>
          {texts('setup.inTheWay')}
          {line.type === 'MX' && <strong> {texts('setup.mailEnds')}</strong>}
        </p>
      )}
      <dl class="wanted">
        <dt>{texts('setup.name')}</dt>
        <dd>
          <Copyable text={line.name} copy={texts('setup.copyName')} />
          <p class="quiet">
            {texts('setup.fullName')}: <Copyable text={line.fqdn} />
          </p>
        </dd>
        {action !== 'remove' && (
          <>
            <dt>{texts('setup.value')}</dt>
            <dd>
              {line.desired.map((value) => (
                <p key={value}>
                  <Copyable text={value} copy={texts('setup.copyValue')} />
                </p>
              ))}
            </dd>
          </>
        )}
        <dt>{texts('setup.foundNow')}</dt>
        <dd class="found">
          <Found line={line} />
        </dd>
      </dl>
      {line.hint !== null && !isPlaceSaid && <Hint hint={line.hint} />}
    </li>
  );
}

function Found({ line }: { readonly line: RecordLine }) {
  const texts = useTexts();
  const isolated = useIsolated();
  const { observed, foundAt, status } = line;
  if (foundAt !== null) return <>{texts('setup.foundAt', isolated({ name: foundAt }))}</>;
  if (observed.length > 0)
    return (
      <>
        {observed.map((value) => (
          <p key={value}>
            <Copyable text={value} />
          </p>
        ))}
      </>
    );
  if (status === 'unchecked') return <>{texts('setup.notLooked')}</>;
  return <>{texts(status === 'unreachable' ? 'setup.noAnswer' : 'setup.nothingFound')}</>;
}

function Hint({ hint }: { readonly hint: RecordHint }) {
  const texts = useTexts();
  const { code, ...values } = hint;
  return <p class="hint">{texts(`setup.hint.${code}`, useIsolated()(values))}</p>;
}

/** What the card itself says by its heading and its values. */
const ON_CARD: ReadonlySet<string> = new Set(['add', 'change', 'remove', 'keep', 'rename']);

interface FindingTextProps {
  readonly finding: Finding;
  readonly isOnCard?: boolean;
}

/** What is wrong, why, and what to do, in words. */
export function FindingText({ finding, isOnCard = false }: FindingTextProps) {
  const texts = useTexts();
  const { code, why, fix } = finding;
  const values = useIsolated()(finding.args);
  const says = why === null ? '' : texts(`why.${why}`, values);
  const does = isOnCard && ON_CARD.has(fix) ? '' : texts(`fix.${fix}`, values);
  return (
    <p class="finding">
      <strong>{texts(`issue.${code}`)}.</strong>
      {[says, does].filter((text) => text !== '').map((text) => ` ${text}`)}
    </p>
  );
}

/** The records that are right, or may be made: one line each. */
export function OtherRecords({ lines }: { readonly lines: readonly RecordLine[] }) {
  const texts = useTexts();
  return (
    <ul class="lines">
      {lines.map((line) => (
        <li key={line.ref}>
          <p>
            <b>{line.type}</b> <Copyable text={line.name} />
            {!line.isRequired && line.action !== 'keep' && (
              <span class="quiet"> {texts('setup.optional')}</span>
            )}
          </p>
          {(line.action === 'keep' ? line.observed : line.desired).map((value) => (
            <p key={value}>
              <Copyable text={value} />
            </p>
          ))}
        </li>
      ))}
    </ul>
  );
}
