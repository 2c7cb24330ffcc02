import type { AccountActivityEntity } from '../../../accounts/activity/account-activity.entity.js';
import type { ActivityAction } from '../../../accounts/activity/activity.js';
import { useTexts } from '../../frame/frame.js';
import { Layout } from '../../frame/layout.js';
import { Table } from '../../frame/table.js';
import { When } from '../../frame/when.js';
import type { MessageKey } from '../../messages/catalogues.js';
import { hasText } from '../../messages/messages.js';
import { Paging } from './paging.js';

/** One line of the list. */
export type ActivityLine = Pick<
  AccountActivityEntity,
  'id' | 'at' | 'actor' | 'actorName' | 'action' | 'subject' | 'network'
>;

export interface ActivityPageProps {
  readonly entries: readonly ActivityLine[];
  readonly isFirst: boolean;
  readonly nextCursor: string | null;
}

/** What was done to an account, in words. */
export function ActivityPage({ entries, isFirst, nextCursor }: ActivityPageProps) {
  const texts = useTexts();
  const columns = (['when', 'what', 'by', 'from'] as const).map((name) =>
    texts(`activity.${name}`),
  );
  return (
    <Layout title={texts('activity.title')} isWide>
      <p>{texts('activity.lead')}</p>
      {entries.length === 0 && isFirst && <p>{texts('activity.none')}</p>}
      {entries.length > 0 && (
        <Table
          caption={texts('activity.title')}
          isCaptionHidden
          columns={columns}
          rows={entries.map((line) => ({
            key: line.id,
            cells: [
              <When at={line.at} />,
              <What line={line} />,
              <By line={line} />,
              line.network === null ? '–' : <bdi>{line.network}</bdi>,
            ],
          }))}
        />
      )}
      <Paging
        path="/account/activity"
        older={texts('activity.older')}
        newest={texts('activity.newest')}
        isFirst={isFirst}
        nextCursor={nextCursor}
      />
    </Layout>
  );
}

function What({ line: { action, subject } }: { readonly line: ActivityLine }) {
  const texts = useTexts();
  const named = NAMING.map((field) => subject[field]).find(isText);
  return (
    <>
      {texts(textOf(action))}
      {named !== undefined && (
        <div class="quiet">
          <bdi>{named}</bdi>
        </div>
      )}
    </>
  );
}

function By({ line: { actor, actorName } }: { readonly line: ActivityLine }) {
  const texts = useTexts();
  if (actor === 'token' && actorName !== null)
    return <bdi>{texts('activity.by.token', { name: actorName })}</bdi>;
  if (actor === 'browser' && actorName !== null) return <bdi>{actorName}</bdi>;
  return <>{texts(actor === 'token' ? 'tokens.value' : `activity.by.${actor}`)}</>;
}

/** The fields of a subject that name what was changed. */
const NAMING = ['domain', 'name', 'email', 'agent'] as const;

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

type OwnAction = Exclude<ActivityAction, `domain.${string}` | `certificate.${string}`>;

/** Never when an action has no words: then the next line does not compile. */
type Words = `activity.is.${OwnAction}` extends MessageKey ? MessageKey : never;
const OTHER: Words = 'activity.is.other';

/** What the timelines of domains report has the words that it has there. */
function textOf(action: ActivityAction): MessageKey {
  const [kind = '', type = ''] = action.split('.', 2);
  const axes = kind === 'domain' ? ['ownership', 'serving'] : [kind];
  const keys = [`activity.is.${action}`, ...axes.map((axis) => `event.${axis}.${type}`)];
  return keys.find(hasText) ?? OTHER;
}
