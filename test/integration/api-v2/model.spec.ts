import * as fc from 'fast-check';
import { TwoTenants } from '../api-domains/two-tenants.js';
import { waysOf, type Fields, type Ways } from './ways.js';

const RIGHT = 'open sesame';
/** The sixth wrong guess of a network is refused, whatever the passphrase. */
const GUESSES_MAX = 4;

let tenants: TwoTenants;
let ways: Ways;

beforeAll(async () => {
  tenants = await TwoTenants.start();
  ways = waysOf(tenants);
});
afterAll(() => tenants.close());

/** All that the model knows of a secret. */
type State = 'unread' | 'revealed' | 'burned' | 'expired';

/** What v1 and v2 say of the receipt in each state. */
const TRUTHS: Readonly<Record<State, readonly [RegExp, RegExp]>> = {
  unread: [/^(?:new|viewed)$/, /^(?:new|previewed)$/],
  revealed: [/^received$/, /^revealed$/],
  burned: [/^burned$/, /^burned$/],
  expired: [/^expired$/, /^expired$/],
};

interface Action {
  readonly kind: 'show' | 'reveal' | 'burn';
  readonly way: 'v1' | 'v2' | 'the page';
  readonly isRight: boolean;
}

/** Actions that happen at once, or the end of the secret's time. */
type Step = readonly Action[] | 'expire';

interface Run {
  readonly maker: string;
  readonly hasPassphrase: boolean;
  readonly steps: readonly Step[];
}

const way = fc.constantFrom('v1', 'v2', 'the page');
const action: fc.Arbitrary<Action> = fc.record({
  kind: fc.constantFrom('show', 'show', 'reveal', 'reveal', 'burn'),
  way,
  isRight: fc.boolean(),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.array(action, { minLength: 1, maxLength: 6 }) },
  { weight: 1, arbitrary: fc.constant('expire' as const) },
);
const run: fc.Arbitrary<Run> = fc.record({
  maker: fc.constantFrom('v1 share', 'v1 generate', 'v2 conceal', 'the page'),
  hasPassphrase: fc.boolean(),
  steps: fc.array(step, { minLength: 1, maxLength: 5 }),
});

/** One for each end. */
const EXAMPLES: [Run][] = [
  [{ maker: 'v1 share', hasPassphrase: false, steps: ['expire'] }],
  [
    {
      maker: 'v2 conceal',
      hasPassphrase: true,
      steps: [[{ kind: 'burn', way: 'v2', isRight: true }]],
    },
  ],
  [
    {
      maker: 'the page',
      hasPassphrase: true,
      steps: [[{ kind: 'reveal', way: 'v1', isRight: true }]],
    },
  ],
  [
    {
      maker: 'v1 generate',
      hasPassphrase: false,
      steps: [[{ kind: 'show', way: 'the page', isRight: true }]],
    },
  ],
];

it('has one reader of a value and one truth about a state, in any order and at once', async () => {
  const ended = new Set<State>();
  await fc.assert(
    fc.asyncProperty(run, async (each) => {
      ended.add(await drive(each));
    }),
    { numRuns: 60, examples: EXAMPLES },
  );
  // The runs went everywhere.
  expect(ended).toEqual(new Set(['unread', 'revealed', 'burned', 'expired']));
});

async function drive({ maker, hasPassphrase, steps }: Run): Promise<State> {
  const passphrase: Fields = hasPassphrase ? { passphrase: RIGHT } : {};
  const made = await ways.makers[maker]?.(passphrase, 'owner');
  if (made === undefined || made.value === null) throw new Error('no such maker');
  const { secretKey, receiptKey, value } = made;
  const lookup = await newestSecret();
  let state: State = 'unread';
  let guesses = 0;

  for (const actions of steps) {
    if (actions === 'expire') {
      await expire(lookup);
      if (state === 'unread') state = 'expired';
    } else {
      // A wrong passphrase to a secret without one is right.
      const tried = actions.filter(
        ({ kind, isRight }) => kind === 'show' || isRight || (guesses += 1) <= GUESSES_MAX,
      );
      const outcomes = await Promise.all(
        tried.map((one) => perform(one, { secretKey, receiptKey, value, hasPassphrase })),
      );
      const won = tried.filter((_, index) => outcomes[index]);
      expect(won.filter(({ kind }) => kind === 'show')).toEqual([]);
      const able = tried.filter(
        ({ kind, isRight }) => kind !== 'show' && (isRight || !hasPassphrase),
      );
      expect(won).toHaveLength(state === 'unread' && able.length > 0 ? 1 : 0);
      for (const winner of won) {
        expect(able).toContain(winner);
        state = winner.kind === 'burn' ? 'burned' : 'revealed';
      }
    }
    const [v1, v2] = await ways.statesOf(receiptKey);
    expect(v1).toMatch(TRUTHS[state][0]);
    expect(v2).toMatch(TRUTHS[state][1]);
  }
  return state;
}

interface Known {
  readonly secretKey: string;
  readonly receiptKey: string;
  readonly value: string;
  readonly hasPassphrase: boolean;
}

/** Whether the value was seen, or the burn was confirmed. */
async function perform({ kind, way: by, isRight }: Action, known: Known): Promise<boolean> {
  const { secretKey, receiptKey, value, hasPassphrase } = known;
  const wrong = hasPassphrase ? { passphrase: 'open barley' } : {};
  const passphrase = isRight && hasPassphrase ? { passphrase: RIGHT } : wrong;
  if (kind === 'burn') return (await ways.burners[by]?.(receiptKey, passphrase)) === 200;
  const text =
    kind === 'reveal' ? await ways.readers[by]?.(secretKey, passphrase) : await show(by, known);
  return text?.includes(value) ?? false;
}

/** GET consumes nothing. v1 has none. */
async function show(by: Action['way'], { secretKey, receiptKey }: Known): Promise<string> {
  const paths = {
    v1: `/api/v1/private/${receiptKey}`,
    v2: `/api/v2/secret/${secretKey}?continue=true&passphrase=${RIGHT}`,
    'the page': `/secret/${secretKey}`,
  };
  return (await tenants.send('R', 'anonymous', 'GET', paths[by])).body;
}

async function newestSecret(): Promise<string> {
  const [row] = await tenants.database.dataSource.query<{ lookup: string }[]>(
    `select encode(secret_lookup, 'hex') as lookup from receipts order by created_at desc limit 1`,
  );
  return String(row?.lookup);
}

async function expire(lookup: string): Promise<void> {
  const { dataSource } = tenants.database;
  await dataSource.query(`update secrets set expires_at = now() where lookup = decode($1, 'hex')`, [
    lookup,
  ]);
  await dataSource.query(
    `update receipts set secret_expires_at = now() where secret_lookup = decode($1, 'hex')`,
    [lookup],
  );
}
