import { jest } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { ACCOUNT, SECRET_KEY, TENANT } from '../../../test/fakes/sample-values.js';
import type { Caller } from '../../auth/caller.js';
import type { CellConfig } from '../../config/cell-config.js';
import type { Region } from '../../config/region.js';
import type { Clock } from '../../shared/clock.js';
import { MINUTE } from '../../shared/durations.js';
import { requireHostname } from '../../shared/hostname.js';
import { FormNonces, type FormName } from './form-nonces.js';
import type { Page } from './page.js';
import { SentForm } from './page-form.js';
import { Presses } from './presses.js';
import { FakePressStore } from '../../../test/fakes/press-store.js';
import type { RateLimits } from '../../limits/rate-limits.js';
import type { PressMark, PressOutcome, PressStore } from '../../secrets/press.store.js';

const CALLER: Caller = {
  tenant: TENANT,
  account: null,
  client: { near: '127.0.0.1/32', wide: null },
  token: null,
  session: null,
  network: '127.0.0.0/24',
};
const OPEN: FormName = { form: 'open', key: SECRET_KEY };

const rootKey = (version: number) => ({ version, bytes: randomBytes(32) });
const [OLD, NEW] = [rootKey(1), rootKey(2)];

let nowMs = Date.parse('2026-11-27T12:00:00Z');
const clock: Clock = { now: () => new Date(nowMs) };

function noncesUnder(...rootKeys: unknown[]): FormNonces {
  return new FormNonces({ region: 'eu' as Region, rootKeys } as unknown as CellConfig, clock);
}

const tell = async (outcome: PressOutcome): Promise<Page> => pageOfBody(`told ${outcome}`, 409);

function pressesOn(store: FakePressStore, charge = async () => null): Presses {
  const limits = { charge } as unknown as RateLimits;
  return new Presses(noncesUnder(OLD), limits, store as unknown as PressStore);
}

const pageOfBody = (body: string, status = 200): Page => ({
  status,
  headers: {},
  body,
  isCompressible: false,
});

describe(FormNonces.name, () => {
  const nonces = noncesUnder(OLD);
  const nonce = nonces.issue(CALLER, OPEN);

  it('are accepted by every process of the region, also after a rotation of the root key', () => {
    expect(noncesUnder(OLD).isValid(nonce, CALLER, OPEN)).toBe(true);
    expect(noncesUnder(NEW, OLD).isValid(nonce, CALLER, OPEN)).toBe(true);
    expect(nonces.issue(CALLER, OPEN)).not.toBe(nonce);
  });

  const other = requireHostname('secrets.example.com');
  it.each<[string, FormNonces, Caller, FormName, string]>([
    ['form', nonces, CALLER, { ...OPEN, form: 'burn' }, nonce],
    ['key', nonces, CALLER, { ...OPEN, key: SECRET_KEY.replace('a', 'b') }, nonce],
    ['host', nonces, { ...CALLER, tenant: { ...TENANT, hostname: other } }, OPEN, nonce],
    ['account', nonces, { ...CALLER, account: ACCOUNT }, OPEN, nonce],
    ['root key', noncesUnder(NEW), CALLER, OPEN, nonce],
    ['text', nonces, CALLER, OPEN, `${nonce.startsWith('A') ? 'B' : 'A'}${nonce.slice(1)}`],
    ['length', nonces, CALLER, OPEN, nonce.slice(1)],
    ['alphabet', nonces, CALLER, OPEN, `${nonce}=`],
  ])('are refused with another %s', (_name, by, caller, name, text) => {
    expect(by.isValid(text, caller, name)).toBe(false);
    expect(by.isFresh(text, caller, name)).toBe(false);
  });

  it('are fresh for fifteen minutes, also where the clock of another process is ahead', () => {
    const issued = nonces.issue(CALLER, OPEN);
    const at = nowMs;
    for (const [passed, isFresh] of [
      [0, true],
      [-2 * MINUTE, true],
      [14 * MINUTE, true],
      [15 * MINUTE, false],
      [24 * 60 * MINUTE, false],
    ] as const) {
      nowMs = at + passed;
      expect(nonces.isFresh(issued, CALLER, OPEN)).toBe(isFresh);
      expect(nonces.isValid(issued, CALLER, OPEN)).toBe(true);
    }
    nowMs = at;
  });
});

describe(Presses.name, () => {
  let store: FakePressStore;
  let presses: Presses;
  let acts: number;

  beforeEach(() => {
    jest.useFakeTimers();
    // The cache takes an instant of zero for none.
    jest.advanceTimersByTime(1);
    store = new FakePressStore();
    presses = pressesOn(store);
    acts = 0;
  });

  afterEach(() => {
    presses.onModuleDestroy();
    jest.useRealTimers();
  });

  const formOf = (fields: Record<string, string>): SentForm =>
    new SentForm(Buffer.from(new URLSearchParams(fields).toString()));
  const newForm = (fields = {}): SentForm =>
    formOf({ press: presses.nonceFor(CALLER, OPEN), ...fields });

  /** Presses; the answer has the number of times that something was done. */
  function press(sent: SentForm, answerOf = pageOfBody, name = OPEN): Promise<Page> {
    const act = async (mark: PressMark | null): Promise<Page> => {
      acts += 1;
      const page = answerOf(`answer ${acts}`);
      if (mark !== null && page.status < 400) store.write(mark, 'opened');
      return page;
    };
    return presses.answer({ caller: CALLER, name, sent }, { act, tell });
  }

  it('gives one answer to a form that is sent again within ten seconds', async () => {
    const sent = newForm();
    const answers = [await press(sent), await press(sent)];
    jest.advanceTimersByTime(9_900);
    answers.push(await press(sent));
    expect(answers).toEqual(Array.from({ length: 3 }, () => pageOfBody('answer 1')));
  });

  it('forgets the answer after ten seconds', async () => {
    const sent = newForm();
    await press(sent);
    jest.advanceTimersByTime(10_100);
    expect((await press(sent)).body).toBe('answer 2');
  });

  it('lets the second request wait for the first', async () => {
    const sent = newForm();
    const work = Promise.withResolvers<Page>();
    const first = presses.answer(
      { caller: CALLER, name: OPEN, sent },
      { act: () => work.promise, tell },
    );
    const second = press(sent);
    work.resolve(pageOfBody('the message'));
    expect([(await first).body, (await second).body, acts]).toEqual([
      'the message',
      'the message',
      0,
    ]);
  });

  it('fails both requests when the first fails, and lets the next one try again', async () => {
    const sent = newForm();
    const fail = (): Promise<Page> =>
      presses.answer(
        { caller: CALLER, name: OPEN, sent },
        {
          act: async () => {
            throw new Error('an outage');
          },
          tell,
        },
      );
    const both = await Promise.allSettled([fail(), fail()]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect((await press(sent)).body).toBe('answer 1');
  });

  it('acts for each page that was loaded', async () => {
    expect((await press(newForm())).body).toBe('answer 1');
    expect((await press(newForm())).body).toBe('answer 2');
  });

  it('acts again when something else was written in the same form', async () => {
    const nonce = presses.nonceFor(CALLER, OPEN);
    await press(formOf({ press: nonce, passphrase: 'right' }));
    expect((await press(formOf({ press: nonce, passphrase: 'wrong' }))).body).toBe('answer 2');
  });

  it.each(['', 'forged'])('acts for each request with the nonce %j', async (nonce) => {
    await press(formOf({ press: nonce }));
    expect((await press(formOf({ press: nonce }))).body).toBe('answer 2');
  });

  it('does not answer another form with the answer to this one', async () => {
    const sent = newForm();
    await press(sent);
    expect((await press(sent, pageOfBody, { ...OPEN, form: 'burn' })).body).toBe('answer 2');
  });

  it.each([
    ['a refusal', 400, 'short', 1],
    // Only the form that creates is repeated in its refusal.
    ['a large refusal', 400, 'x'.repeat(10_000), 2],
    ['a limit', 429, 'short', 2],
    ['an outage', 503, 'short', 2],
  ])(
    'after %s (%i) the second request acts as often as it must',
    async (_n, status, text, times) => {
      const name: FormName = { form: 'create', key: '' };
      const sent = formOf({ press: presses.nonceFor(CALLER, name) });
      const answerOf = (): Page => pageOfBody(text, status);
      await press(sent, answerOf, name);
      await press(sent, answerOf, name);
      expect(acts).toBe(times);
    },
  );

  describe('in another process', () => {
    it('says what became of the press that this one has seen first', async () => {
      const sent = newForm();
      const other = pressesOn(store);
      await press(sent);
      const act = jest.fn<() => Promise<Page>>();
      const told = await other.answer({ caller: CALLER, name: OPEN, sent }, { act, tell });
      expect([told.body, act.mock.calls]).toEqual(['told opened', []]);
    });

    it('acts when nothing was done and it may be tried again', async () => {
      const sent = newForm();
      const outage = (): Page => pageOfBody('an outage', 503);
      await press(sent, outage);
      presses = pressesOn(store);
      expect((await press(sent)).body).toBe('answer 2');
    });

    it('counts no second guess after a refusal', async () => {
      const sent = newForm({ passphrase: 'wrong' });
      await press(sent, () => pageOfBody('did not open', 400));
      presses = pressesOn(store);
      expect((await press(sent)).body).toBe('told refused');
    });

    it('says so although a limit allows no more, and is refused when nobody has begun', async () => {
      const sent = newForm();
      await press(sent);
      presses = pressesOn(store, async () => {
        throw new Error('no more');
      });
      expect((await press(sent)).body).toBe('told opened');
      await expect(press(newForm())).rejects.toThrow('no more');
    });
  });
});
