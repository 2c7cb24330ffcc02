import { readFileSync } from 'node:fs';
import { AppError } from './app-error.js';
import {
  isTracing,
  startSpan,
  traced,
  tracedQuery,
  useTracer,
  type OpenSpan,
  type SpanStart,
} from './tracing.js';

interface Seen {
  readonly name: string;
  readonly parent: string | null;
  failure: string | null;
  isEnded: boolean;
}

const seen: Seen[] = [];

class NamedSpan implements OpenSpan {
  constructor(readonly of: Seen) {}
  add(): void {}
  rename(): void {}
  fail(kind: string): void {
    this.of.failure = kind;
  }
  end(): void {
    this.of.isEnded = true;
  }
}

function start(name: string, { parent }: SpanStart): OpenSpan {
  const of = {
    name,
    parent: parent instanceof NamedSpan ? parent.of.name : null,
    failure: null,
    isEnded: false,
  };
  seen.push(of);
  return new NamedSpan(of);
}

beforeEach(() => seen.splice(0));
afterEach(() => useTracer(null));

describe('without a tracer', () => {
  it('work is done, and no span is made', async () => {
    expect(isTracing()).toBe(false);
    expect(startSpan('request', { kind: 'server', facts: {} })).toBeNull();
    await expect(traced('order', {}, (span) => Promise.resolve(span))).resolves.toBeNull();
    await expect(tracedQuery('select', () => Promise.resolve(1))).resolves.toBe(1);
  });
});

describe('with a tracer', () => {
  beforeEach(() => useTracer({ start }));

  it('what is done within a span belongs to it', async () => {
    await traced('order', {}, async () => {
      await traced('step', {}, () => tracedQuery('insert', () => Promise.resolve()));
      await tracedQuery('update', () => Promise.resolve());
    });
    expect(seen.map(({ name, parent }) => [name, parent])).toEqual([
      ['order', null],
      ['step', 'order'],
      ['insert', 'step'],
      ['update', 'order'],
    ]);
    expect(seen.every(({ isEnded }) => isEnded)).toBe(true);
  });

  it('a query outside of every span makes none', async () => {
    await tracedQuery('select', () => Promise.resolve());
    expect(seen).toEqual([]);
  });

  it.each([
    [Object.assign(new Error('duplicate key value "4711"'), { code: '23505' }), '23505'],
    [new AppError('unavailable', 'the value 4711'), 'unavailable'],
    [new TypeError('4711 is no function'), 'TypeError'],
    [Object.assign(new Error('x'), { code: 'a sentence with 4711' }), 'Error'],
    ['4711', 'unknown'],
  ])('a failure is told by its kind, never by its message', async (error, kind) => {
    const failing = async (): Promise<void> => {
      throw error as Error;
    };
    await expect(traced('order', {}, failing)).rejects.toBe(error);
    expect(seen).toMatchObject([{ failure: kind, isEnded: true }]);
  });
});

it('OpenTelemetry is loaded only where traces are sent', () => {
  const text = readFileSync('src/gateway/start-tracing.ts', 'utf8');
  const imports = [...text.matchAll(/^import (\w+) .*? from '@opentelemetry/gm)];
  expect(imports.length).toBeGreaterThan(0);
  expect(imports.filter(([, what]) => what !== 'type')).toEqual([]);
});
